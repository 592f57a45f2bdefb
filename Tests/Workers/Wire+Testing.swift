@testable import Workers

/// One frame in bytes; its header may lie.
func frameBytes(
    _ kind: UInt8,
    flags: UInt8 = 0,
    reserved: [UInt8] = [0, 0],
    number: UInt32 = 0,
    length: UInt32? = nil,
    _ payload: [UInt8] = []
) -> [UInt8] {
    var writer = WireWriter()
    writer.integer(length ?? UInt32(payload.count))
    writer.raw([kind, flags] + reserved)
    writer.integer(number)
    writer.raw(payload)
    return writer.bytes
}

/// A frame as it was, copied out of the decoder's memory.
struct CopiedFrame: Equatable {
    var kind: FrameKind
    var flags: UInt8 = 0
    var number: UInt32 = 0
    var payload: [UInt8] = []
}

extension FrameDecoder {
    /// Takes bytes in pieces of at most this size and returns the frames that came of them.
    mutating func feed(_ bytes: [UInt8], inPiecesOf size: Int = .max) throws(WireError) -> [CopiedFrame] {
        var frames: [CopiedFrame] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let room = room()
            let piece = rest.prefix(min(size, room.count))
            rest = rest.dropFirst(piece.count)
            piece.withUnsafeBytes { room.copyMemory(from: $0) }
            received(piece.count)
            while let frame = try next() {
                frames.append(
                    CopiedFrame(
                        kind: frame.kind,
                        flags: frame.flags.rawValue,
                        number: frame.number,
                        payload: Array(frame.payload)
                    )
                )
            }
        }
        return frames
    }
}

/// The value made from these bytes, or why there is none.
func decoded<Value>(
    _ bytes: [UInt8],
    _ decode: (UnsafeRawBufferPointer) throws(WireError) -> Value
) -> Result<Value, WireError> {
    bytes.withUnsafeBytes { raw in Result { () throws(WireError) in try decode(raw) } }
}

/// The same random numbers in each run (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
