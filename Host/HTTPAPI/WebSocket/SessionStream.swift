import Core
import PraximousJSON

/// One stream of a session: its numbers, its credit, and what is kept of it to be sent again.
///
/// Pure; times are milliseconds of a clock that only goes forward.
struct SessionStream: Sendable {
    struct Kept: Sendable {
        let sequence: Int
        let message: [UInt8]
    }

    let id: String
    /// Counts a session's streams: ids may come again.
    let number: Int
    let requestID: String
    private var numbering = EventNumbering()
    /// Deltas that the client takes yet.
    var credit: Int
    /// A delta that waits for credit.
    var held: ProcessEvent?
    /// Whether the source waits to be asked for another event.
    var isSourceWaiting = false
    /// Since when the source has had to wait for the client.
    var blockedSince: UInt64?
    /// When the client's own limit ends it.
    var deadline: UInt64?
    /// Since when it has been cancelled by its client.
    var cancelledSince: UInt64?
    /// When its terminal event came.
    var endedAt: UInt64?
    /// Whether its events go out as they come; after a new connection only once the client has asked for them.
    var isAttached = true
    /// Bytes on their way to the connection.
    var unsentBytes = 0
    private(set) var kept: [Kept] = []
    private(set) var keptBytes = 0
    /// The last event that is not kept any more.
    private(set) var droppedThrough = 0

    init(id: String, number: Int, requestID: String, credit: Int) {
        self.id = id
        self.number = number
        self.requestID = requestID
        self.credit = credit
    }

    var isOpen: Bool { endedAt == nil }
    var lastSequence: Int { numbering.last }

    /// The event as a message, numbered.
    mutating func message(_ event: ProcessEvent) -> Kept {
        let (sequence, members) = numbering.number(event)
        return Kept(
            sequence: sequence,
            message: ServerMessage.event(event.kind.rawValue, id: id, sequence: sequence, members)
        )
    }

    /// Keeps a message to send it again; the oldest go when there are too many bytes and they were sent.
    mutating func keep(_ message: Kept, maxBytes: Int) {
        kept.append(message)
        keptBytes += message.message.count
        guard isAttached, keptBytes > maxBytes else { return }
        // A quarter at once: one by one, each would move all the others.
        var bytes = keptBytes
        let count = kept.prefix { kept in
            defer { bytes -= kept.message.count }
            return bytes > maxBytes * 3 / 4
        }.count
        drop(count)
    }

    /// The client has everything up to this one.
    mutating func acknowledge(_ sequence: Int) { drop(kept.prefix { $0.sequence <= sequence }.count) }

    private mutating func drop(_ count: Int) {
        guard count > 0 else { return }
        droppedThrough = kept[count - 1].sequence
        keptBytes -= kept[..<count].reduce(0) { $0 + $1.message.count }
        kept.removeFirst(count)
    }

    /// What came after an event; nil when that is not kept any more, or has not been.
    func messages(after sequence: Int) -> ArraySlice<Kept>? {
        guard (droppedThrough...lastSequence).contains(sequence) else { return nil }
        return kept.drop { $0.sequence <= sequence }
    }
}
