/// One frame as it was received; the payload is lent until the decoder is given more room.
package struct Frame {
    package let kind: FrameKind
    package let flags: FrameFlags
    package let number: UInt32
    package let payload: UnsafeRawBufferPointer
}

/// Finds frames in a stream of bytes that the other side may have forged.
///
/// Pure: it never reads a descriptor. Its memory is bounded by the largest frame.
package struct FrameDecoder: ~Copyable {
    private static let readBytes = 64 << 10

    private var memory: UnsafeMutableRawBufferPointer
    private var head = 0
    private var tail = 0

    package init() {
        memory = .allocate(byteCount: 2 * Self.readBytes, alignment: 16)
    }

    deinit { memory.deallocate() }

    /// Where the next bytes go; whatever ``next()`` has lent before is void.
    package mutating func room() -> UnsafeMutableRawBufferPointer {
        if head == tail { (head, tail) = (0, 0) }
        let wanted = max(Self.readBytes, missingBytes)
        if memory.count - tail < wanted { makeRoom(wanted) }
        return UnsafeMutableRawBufferPointer(rebasing: memory[tail...])
    }

    /// So many bytes were put into the room.
    package mutating func received(_ count: Int) { tail += count }

    /// The next whole frame; nil until more bytes have come.
    package mutating func next() throws(WireError) -> Frame? {
        guard tail - head >= Wire.headerBytes else { return nil }
        let payloadBytes = Int(UInt32(littleEndian: memory.loadUnaligned(fromByteOffset: head, as: UInt32.self)))
        guard payloadBytes <= Wire.maxPayloadBytes else {
            throw WireError("a frame of \(payloadBytes) bytes, at most \(Wire.maxPayloadBytes) are allowed")
        }
        let kindByte = memory[head + 4]
        guard let kind = FrameKind(rawValue: kindByte) else { throw WireError("a frame of unknown kind \(kindByte)") }
        guard memory[head + 6] == 0, memory[head + 7] == 0 else { throw WireError("a frame header that is not one") }
        let total = Wire.headerBytes + payloadBytes
        guard tail - head >= total else { return nil }
        let frame = Frame(
            kind: kind,
            flags: FrameFlags(rawValue: memory[head + 5]),
            number: UInt32(littleEndian: memory.loadUnaligned(fromByteOffset: head + 8, as: UInt32.self)),
            payload: UnsafeRawBufferPointer(rebasing: memory[(head + Wire.headerBytes)..<(head + total)])
        )
        head += total
        return frame
    }

    /// How much is missing of a frame whose header is here.
    private var missingBytes: Int {
        guard tail - head >= 4 else { return 0 }
        let payloadBytes = UInt32(littleEndian: memory.loadUnaligned(fromByteOffset: head, as: UInt32.self))
        return min(Int(payloadBytes), Wire.maxPayloadBytes) + Wire.headerBytes - (tail - head)
    }

    private mutating func makeRoom(_ wanted: Int) {
        let kept = tail - head
        if memory.count - kept < wanted {
            let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: kept + wanted, alignment: 16)
            larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[head..<tail]))
            memory.deallocate()
            memory = larger
        } else if let base = memory.baseAddress {
            base.copyMemory(from: base + head, byteCount: kept)
        }
        (head, tail) = (0, kept)
    }
}
