/// libFuzzer's entry: the events and the lines of a body are the same wherever it is cut.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzEvents(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let first = bytes.first else { return 0 }
    let body = Array(bytes.dropFirst())
    let cut = min(Int(first), body.count)
    let pieces = [Array(body[..<cut]), Array(body[cut...])]
    precondition(events([body]) == events(pieces), "a cut changes the events")
    precondition(events([body]) == events(body.map { [$0] }), "a cut changes the events")
    precondition(lines([body]) == lines(pieces), "a cut changes the lines")
    return 0
}

private func events(_ pieces: [[UInt8]]) -> [[UInt8]] {
    var reader = ServerSentEventReader()
    var events: [[UInt8]] = []
    for piece in pieces {
        piece.withUnsafeBufferPointer { piece in
            try? reader.read(piece) { name, data in events.append(name + [0] + Array(data)) }
        }
    }
    return events
}

private func lines(_ pieces: [[UInt8]]) -> [[UInt8]] {
    var reader = LineReader(.lineFeed)
    var lines: [[UInt8]] = []
    for piece in pieces { piece.withUnsafeBufferPointer { try? reader.read($0) { lines.append(Array($0)) } } }
    try? reader.finish { lines.append(Array($0)) }
    return lines
}
