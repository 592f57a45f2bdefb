import Core

/// The calls that wait for the start of a worker, each by its ticket, so that one of them can leave.
struct StartWaiters {
    typealias Waiter = CheckedContinuation<Failure?, Never>

    private var waiters: [UInt64: Waiter] = [:]
    private var lastTicket: UInt64 = 0

    mutating func takeTicket() -> UInt64 {
        lastTicket += 1
        return lastTicket
    }

    mutating func add(_ waiter: Waiter, _ ticket: UInt64) { waiters[ticket] = waiter }

    /// nil when it does not wait, or no longer.
    mutating func take(_ ticket: UInt64) -> Waiter? { waiters.removeValue(forKey: ticket) }

    mutating func takeAll() -> [Waiter] {
        defer { waiters = [:] }
        return Array(waiters.values)
    }
}
