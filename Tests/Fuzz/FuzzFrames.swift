/// libFuzzer's entry: what a worker sends, in pieces of any size, is frames and messages or an error; and a message that
/// was understood says the same once it has been written and read again.
///
/// The first byte is the size of the pieces.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFrames(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = UnsafeRawBufferPointer(start: start, count: count)
    guard let size = bytes.first else { return 0 }
    let stream = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
    let inPieces = numbers(of: stream, inPiecesOf: Int(size) + 1)
    let atOnce = numbers(of: stream, inPiecesOf: stream.count + 1)
    precondition(inPieces == atOnce, "the same bytes, cut differently, were other frames")
    return 0
}

/// The number of each frame, and its size; -1 at the end when that was an error.
private func numbers(of stream: UnsafeRawBufferPointer, inPiecesOf size: Int) -> [Int] {
    var decoder = FrameDecoder()
    var messages = MessageAssembler()
    var numbers: [Int] = []
    var rest = stream[...]
    do throws(WireError) {
        while !rest.isEmpty {
            let room = decoder.room()
            let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(min(size, room.count)))
            rest = rest.dropFirst(piece.count)
            room.copyMemory(from: piece)
            decoder.received(piece.count)
            while let frame = try decoder.next() {
                numbers += [Int(frame.number), frame.payload.count]
                try messages.take(frame) { payload throws(WireError) in try read(frame.kind, frame.flags, payload) }
            }
        }
    } catch {
        numbers.append(-1)
    }
    return numbers
}

private func read(_ kind: FrameKind, _ flags: FrameFlags, _ payload: UnsafeRawBufferPointer) throws(WireError) {
    switch kind {
    case .hello:
        try check(HelloMessage(payload).wireBytes) { bytes throws(WireError) in try HelloMessage(bytes).wireBytes }
    case .end where flags.contains(.failure):
        try check(Failure(wireBytes: payload).wireBytes) { bytes throws(WireError) in
            try Failure(wireBytes: bytes).wireBytes
        }
    case .end:
        try check(CallOutcome(wireBytes: Array(payload)).wireBytes) { bytes throws(WireError) in
            try CallOutcome(wireBytes: Array(bytes)).wireBytes
        }
    case .call:
        var reader = WireReader(payload)
        try check(CallMessage(&reader).encoded()) { bytes throws(WireError) in
            var reader = WireReader(bytes)
            return try CallMessage(&reader).encoded()
        }
    case .event:
        try check(CallEvent(wireBytes: payload).encodedForWire()) { bytes throws(WireError) in
            try CallEvent(wireBytes: bytes).encodedForWire()
        }
    case .hostRequest:
        try check(HostRequest(payload).encoded()) { bytes throws(WireError) in
            try HostRequest(bytes).encoded()
        }
    case .hostResponse:
        try check(HostResponse(payload).encoded()) { bytes throws(WireError) in
            try HostResponse(bytes).encoded()
        }
    case .log: try check(LogMessage(payload).encoded()) { bytes throws(WireError) in try LogMessage(bytes).encoded() }
    case .metric:
        try check(MetricMessage(payload).encoded()) { bytes throws(WireError) in
            try MetricMessage(bytes).encoded()
        }
    default: break
    }
}

private func check(
    _ written: [UInt8],
    _ rewrite: (UnsafeRawBufferPointer) throws(WireError) -> [UInt8]
) throws(WireError) {
    let again = written.withUnsafeBytes { bytes in Result { () throws(WireError) in try rewrite(bytes) } }
    precondition((try? again.get()) == written, "what was written reads back as something else")
}
