import Core
import PluginRuntime

/// The calls a host has in one worker: who waits for each, until when, and which of them were given up.
///
/// Pure: moments are nanoseconds of CLOCK_MONOTONIC.
struct CallLedger {
    /// Who waits for a call; a class, since it is handed on several times for every call.
    final class Waiter: Sendable {
        let requestID: String
        /// nil: the worker had been retired before the call began.
        let deliver: @Sendable (CallOutcome?) -> Void
        let events: EventQueue?
        let context: CallContext

        init(
            requestID: String,
            deliver: @escaping @Sendable (CallOutcome?) -> Void,
            events: EventQueue?,
            context: CallContext
        ) {
            self.requestID = requestID
            self.deliver = deliver
            self.events = events
            self.context = context
        }
    }

    private struct Entry {
        let waiter: Waiter
        let deadline: UInt64
        /// Nobody waits any more; when the worker is ended if the plugin still holds on to it then.
        var killAt: UInt64?
    }

    enum Refusal: Error {
        case retired, full
    }

    private let maxCalls: Int
    private let graceNanoseconds: UInt64
    private var entries: [UInt32: Entry] = [:]
    private var last: UInt32 = 0
    private(set) var isDraining = false

    init(maxCalls: Int, graceNanoseconds: UInt64) {
        self.maxCalls = maxCalls
        self.graceNanoseconds = graceNanoseconds
    }

    var count: Int { entries.count }

    mutating func begin(_ waiter: Waiter, deadline: UInt64) throws(Refusal) -> UInt32 {
        guard !isDraining else { throw .retired }
        guard entries.count < maxCalls else { throw .full }
        last &+= 1
        entries[last] = Entry(waiter: waiter, deadline: deadline)
        return last
    }

    /// No new calls; true when there is none left.
    mutating func drain() -> Bool {
        isDraining = true
        return entries.isEmpty
    }

    /// Who waits for an open call; nil when it was given up.
    ///
    /// Throws when the worker speaks of a call that it was never given or has ended before.
    func waiter(_ number: UInt32) throws(WireError) -> Waiter? {
        guard let entry = entries[number] else { throw WireError("something about call \(number), which is not open") }
        return entry.killAt == nil ? entry.waiter : nil
    }

    /// What an open call is about and until when; nil when it was given up or was never there.
    func openCall(_ number: UInt32) -> (context: CallContext, deadline: UInt64)? {
        guard let entry = entries[number], entry.killAt == nil else { return nil }
        return (entry.waiter.context, entry.deadline)
    }

    /// The worker ended a call; who waits for it, if anybody does.
    mutating func end(_ number: UInt32) throws(WireError) -> Waiter? {
        let waiter = try waiter(number)
        entries[number] = nil
        return waiter
    }

    /// The plugin holds nothing of a call that was given up.
    mutating func release(_ number: UInt32) {
        // It may just have ended by itself, so an unknown one is no lie; one that somebody waits for is kept.
        if entries[number]?.killAt != nil { entries[number] = nil }
    }

    /// The host gives a call up; who waits for it, or nil when that has been over before.
    ///
    /// Because of its deadline, and then the plugin has the grace to let go; or because the caller left, and then it
    /// may go on until the deadline and the grace have passed.
    mutating func giveUp(_ number: UInt32, isDeadline: Bool, at now: UInt64) -> Waiter? {
        guard let entry = entries[number], entry.killAt == nil else { return nil }
        let start = isDeadline ? now : max(now, entry.deadline)
        entries[number]?.killAt = start.addingClamped(graceNanoseconds)
        return entry.waiter
    }

    /// Whether a call was given up and the worker has not let go of it.
    func isGivenUp(_ number: UInt32) -> Bool { entries[number]?.killAt != nil }

    /// The open calls whose deadline has passed.
    func expired(at now: UInt64) -> [UInt32] {
        entries.filter { $0.value.killAt == nil && $0.value.deadline <= now }.map(\.key)
    }

    /// Whether a call that was given up is held for longer than it may be.
    func isOverdue(at now: UInt64) -> Bool { entries.values.contains { $0.killAt.map { $0 <= now } ?? false } }

    /// When something is due next.
    var next: UInt64 { entries.values.lazy.map { $0.killAt ?? $0.deadline }.min() ?? .max }

    /// When the next open call's time is over.
    var nextDeadline: UInt64 { entries.values.lazy.filter { $0.killAt == nil }.map(\.deadline).min() ?? .max }

    /// The worker is gone: everybody who waits, and nothing is left.
    mutating func close() -> [Waiter] {
        isDraining = true
        defer { entries = [:] }
        return entries.values.filter { $0.killAt == nil }.map(\.waiter)
    }

    /// Whether somebody waits for a call with this request id.
    func knows(requestID: String) -> Bool { entries.values.contains { $0.waiter.requestID == requestID } }
}
