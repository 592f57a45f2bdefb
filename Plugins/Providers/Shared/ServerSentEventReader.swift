package import PraximousPlugin

/// Reads server-sent events (WHATWG HTML, "server-sent events"), so that any cutting of the body gives the same events.
///
/// An event that the end of the body cuts off is no event. `id` and `retry` are not looked at: nobody reconnects here.
package struct ServerSentEventReader: Sendable {
    /// The bytes of all `data` lines of one event.
    package static let maxDataBytes = 1 << 20

    private var lines = LineReader(.any)
    private var isFirstLine = true
    private var name: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false

    package init() {}

    /// Hands each whole event to `event`: its name, empty when it has none, and its data, borrowed.
    package mutating func read(
        _ piece: UnsafeBufferPointer<UInt8>,
        _ event: (_ name: [UInt8], _ data: UnsafeBufferPointer<UInt8>) throws(SkillFailure) -> Void
    ) throws(SkillFailure) {
        // Out of self, so that the lines may be read while the rest is written.
        var lines = lines
        self.lines = LineReader(.any)
        defer { self.lines = lines }
        try lines.read(piece) { line throws(SkillFailure) in try take(line, event) }
    }

    private mutating func take(
        _ line: UnsafeBufferPointer<UInt8>,
        _ event: ([UInt8], UnsafeBufferPointer<UInt8>) throws(SkillFailure) -> Void
    ) throws(SkillFailure) {
        var line = line
        if isFirstLine {
            isFirstLine = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line = UnsafeBufferPointer(rebasing: line.dropFirst(3)) }
        }
        guard let first = line.first else { return try dispatch(event) }
        if first == UInt8(ascii: ":") { return }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.count
        var value = line[min(colon + 1, line.count)...]
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        try take(UnsafeBufferPointer(rebasing: line[..<colon]), UnsafeBufferPointer(rebasing: value))
    }

    private mutating func take(
        _ field: UnsafeBufferPointer<UInt8>,
        _ value: UnsafeBufferPointer<UInt8>
    ) throws(SkillFailure) {
        if field.elementsEqual("data".utf8) {
            if hasData { data.append(0x0A) }
            hasData = true
            if data.count + value.count > Self.maxDataBytes {
                throw .badAnswer("sent an event of more than \(Self.maxDataBytes) bytes")
            }
            data.append(contentsOf: value)
        } else if field.elementsEqual("event".utf8) {
            name = Array(value)
        }
    }

    private mutating func dispatch(
        _ event: ([UInt8], UnsafeBufferPointer<UInt8>) throws(SkillFailure) -> Void
    ) throws(SkillFailure) {
        defer {
            name.removeAll(keepingCapacity: true)
            data.removeAll(keepingCapacity: data.count <= LineReader.maxSpareBytes)
            hasData = false
        }
        guard hasData else { return }
        let outcome = data.withUnsafeBufferPointer { bytes in
            Result { () throws(SkillFailure) in try event(name, bytes) }
        }
        try outcome.get()
    }
}
