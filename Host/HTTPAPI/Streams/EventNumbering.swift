import PraximousJSON

/// Numbers the events of one stream from 1 without a gap, and knows where the answer that counts began.
struct EventNumbering: Sendable, Equatable {
    /// The number of the last event; 0 before the first.
    private(set) var last = 0
    /// The event after which everything shown belongs to the answer under way.
    private var answerStart = 1

    /// The event's number and its members; those of `reset` come from here.
    mutating func number(_ event: ProcessEvent) -> (sequence: Int, members: [UInt8]) {
        last += 1
        guard event.kind == .reset else { return (last, event.members) }
        defer { answerStart = last }
        return (last, JSON.object(["discard_after_seq": .integer(answerStart)]).encoded())
    }
}
