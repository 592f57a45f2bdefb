import PraximousJSON

/// The events of one stream as bytes, to be sent again: of each its kind, how long its members are, and those.
struct KeptEvents: Sendable, Equatable {
    private(set) var bytes: [UInt8] = []

    init() {}

    mutating func append(_ event: ProcessEvent) {
        bytes += "\(event.kind.rawValue) \(event.members.count)\n".utf8
        bytes += event.members
    }

    /// Those in `bytes`, which this type has written.
    static func events(in bytes: [UInt8]) -> [ProcessEvent] {
        var events: [ProcessEvent] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let head = String(decoding: rest[..<end], as: UTF8.self).split(separator: " ")
            guard head.count == 2, let kind = ProcessEvent.Kind(rawValue: String(head[0])), let length = Int(head[1])
            else { break }
            let members = rest[(end + 1)...].prefix(length)
            events.append(ProcessEvent(kind, encoded: Array(members)))
            rest = rest[members.endIndex...]
        }
        return events
    }
}

extension ProcessEvent {
    /// The same, with the word that it is an earlier stream's.
    var replayed: ProcessEvent {
        var bytes = Array(#"{"replayed":true"#.utf8)
        if members.count > 2 { bytes.append(UInt8(ascii: ",")) }
        return ProcessEvent(kind, encoded: bytes + members.dropFirst())
    }
}
