package import Core

/// An event as it stands in the log.
package struct StoredAuditEvent: Sendable, Hashable {
    /// Its place in the log: later events have larger numbers.
    package let sequence: Int64
    package let event: AuditEvent
}

/// Some events, newest first.
package struct AuditPage: Sendable, Hashable {
    package let events: [StoredAuditEvent]
    /// Where the next page begins; nil when this is the last one.
    package let next: AuditCursor?
}

/// A place in the log that stays valid while events are added.
package struct AuditCursor: Sendable, Hashable {
    let sequence: Int64

    init(sequence: Int64) { self.sequence = sequence }

    /// Reads a cursor's `text`; nil for anything else.
    package init?(_ text: String) {
        guard let sequence = Int64(text), sequence > 0, String(sequence) == text else { return nil }
        self.sequence = sequence
    }

    package var text: String { String(sequence) }
}
