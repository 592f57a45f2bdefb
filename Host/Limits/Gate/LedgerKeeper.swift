import Core
import Foundation
import Storage
import Synchronization

/// The thread of a gate: it writes to the ledger what was settled, reserves more, and reads limits and prices again.
///
/// SQLite blocks, so it may not run on the cooperative pool.
final class LedgerKeeper: Sendable {
    private struct Waiter {
        let continuation: CheckedContinuation<Void, Never>
        /// Whose limits are to be known.
        let keyID: String?
    }

    private struct Queue {
        var waiters: [Waiter] = []
        var flushAt: UInt64?
        var refreshAt: UInt64 = 0
        var mustSync = false
        var isClosing = false
        var isClosed = false
    }

    private struct Work {
        let waiters: [Waiter]
        let isRefresh: Bool
        let mustSync: Bool
        let isClosing: Bool
    }

    private let shared: SharedGateState
    private let ledger: Ledger
    private let source: LimitSource
    private let prices: PriceWatch
    private let clock: LimitClock
    private let rules: LimitRules
    private let report: @Sendable (String) -> Void
    private let owner: LedgerOwner
    private let queue = Monitor(Queue())
    /// Of the last attempt to read the limits.
    private let limitProblem = Mutex<String?>(nil)

    init(
        shared: SharedGateState,
        ledger: Ledger,
        source: LimitSource,
        prices: PriceWatch,
        clock: LimitClock,
        rules: LimitRules,
        report: @escaping @Sendable (String) -> Void
    ) {
        self.shared = shared
        self.ledger = ledger
        self.source = source
        self.prices = prices
        self.clock = clock
        self.rules = rules
        self.report = report
        owner = LedgerOwner(id: UUID().uuidString, bootID: Self.bootID())
    }

    func start() {
        let thread = Thread { [self] in run() }
        thread.name = "ledger-keeper"
        thread.start()
    }

    func flushSoon() {
        let at = SteadyClock.now() + rules.flushDelay.nanoseconds
        queue.withLock { $0.flushAt = $0.flushAt ?? at }
        queue.wake()
    }

    /// Returns when the ledger has been asked, and the limits read if a key is named.
    func wait(forLimitsOf keyID: String?) async {
        await wait(keyID) { _ in }
    }

    func flush() async { await wait(nil) { $0.mustSync = true } }

    func refresh() async { await wait(nil) { $0.refreshAt = 0 } }

    func close() async { await wait(nil) { $0.isClosing = true } }

    func stop() {
        queue.withLock { $0.isClosing = true }
        queue.wake()
    }

    /// Why one round after another did not settle the matter.
    func whyUnsettled() -> Failure {
        guard let reason = limitProblem.withLock({ $0 }) else {
            return .ledgerUnavailable(queue.withLock { $0.isClosed } ? "the host is stopping" : "too many wait for it")
        }
        return Failure(
            .unavailable,
            code: "limits_unreadable",
            message: "The limits of the key could not be read.",
            hint: "Check the installation's data folder: \(reason)."
        )
    }

    private func wait(_ keyID: String?, _ change: (inout Queue) -> Void) async {
        await withCheckedContinuation { continuation in
            let isClosed = queue.withLock { queue in
                if !queue.isClosed { queue.waiters.append(Waiter(continuation: continuation, keyID: keyID)) }
                change(&queue)
                return queue.isClosed
            }
            if isClosed { continuation.resume() } else { queue.wake() }
        }
    }

    private func run() {
        var state = ThreadState()
        while true {
            let work = nextWork()
            let keys = work.waiters.compactMap(\.keyID)
            if work.isRefresh || !keys.isEmpty { readLimits(&state, for: keys) }
            if work.isRefresh {
                prices.refresh()
                renew(&state)
            }
            advance(always: work.isRefresh && state.ledgerFails, &state)
            if work.mustSync || work.isRefresh { sync(&state) }
            if work.isClosing { try? ledger.release(owner) }
            let late = work.isClosing ? endQueue() : []
            for waiter in work.waiters + late { waiter.continuation.resume() }
            if work.isClosing { return }
        }
    }

    /// What only the thread needs to remember.
    private struct ThreadState {
        var limitVersion: Int64?
        var ledgerVersion: Int64?
        var renewedAt: UInt64 = 0
        var isUnsynced = false
        var ledgerFails = false
    }

    private func nextWork() -> Work {
        queue.await { queue in
            let now = SteadyClock.now()
            let isRefresh = now >= queue.refreshAt
            let isFlush = queue.flushAt.map { now >= $0 } ?? false
            guard isRefresh || isFlush || queue.isClosing || !queue.waiters.isEmpty else {
                return .until(min(queue.refreshAt, queue.flushAt ?? .max))
            }
            defer {
                queue.waiters = []
                queue.flushAt = nil
                queue.mustSync = false
                if isRefresh { queue.refreshAt = now + rules.refreshInterval.nanoseconds }
            }
            return .done(
                Work(
                    waiters: queue.waiters,
                    isRefresh: isRefresh,
                    mustSync: queue.mustSync || queue.isClosing,
                    isClosing: queue.isClosing
                )
            )
        }
    }

    private func endQueue() -> [Waiter] {
        queue.withLock { queue in
            queue.isClosed = true
            defer { queue.waiters = [] }
            return queue.waiters
        }
    }

    private func readLimits(_ state: inout ThreadState, for keys: [String]) {
        do {
            let version = try source.version()
            let table = version == state.limitVersion ? nil : try source.read()
            state.limitVersion = version
            limitProblem.withLock { $0 = nil }
            shared.state.withLock { gate in
                if let table { gate.replace(table) }
                gate.know(keys)
            }
        } catch {
            let isNew = limitProblem.withLock { problem in
                defer { problem = "\(error)" }
                return problem == nil
            }
            if isNew { report("the limits stay as they were: \(error)") }
        }
    }

    /// Renews the leases in time, and reads again what another process has changed.
    private func renew(_ state: inout ThreadState) {
        let now = clock.steady()
        let version = try? ledger.foreignVersion()
        let isChanged = version != state.ledgerVersion
        state.ledgerVersion = version
        let isDue = now - min(now, state.renewedAt) >= rules.lease.nanoseconds / 3
        if isDue { state.renewedAt = now }
        shared.state.withLock { $0.renewAll(rereads: isChanged, extends: isDue) }
    }

    private func advance(always: Bool, _ state: inout ThreadState) {
        let now = clock.steady()
        let due = shared.state.withLock { $0.takeAdvances(now: now, keepFor: rules.idleReservation.nanoseconds) }
        guard !due.isEmpty || always else { return }
        do {
            let positions = try ledger.advance(
                due.map(\.advance),
                by: owner,
                now: now,
                expiry: now + rules.lease.nanoseconds
            )
            shared.state.withLock { gate in
                for (entry, position) in zip(due, positions) { entry.account.advanced(entry.advance, to: position) }
                gate.ledgerProblem = nil
            }
            state.ledgerFails = false
            state.isUnsynced = true
        } catch {
            shared.state.withLock { gate in
                for entry in due { entry.account.failed() }
                gate.ledgerProblem = "\(error)"
            }
            if !state.ledgerFails { report("what is spent cannot be written: \(error)") }
            state.ledgerFails = true
        }
    }

    private func sync(_ state: inout ThreadState) {
        guard state.isUnsynced else { return }
        do {
            try ledger.sync()
            state.isUnsynced = false
        } catch {
            report("what is spent is not on disk yet: \(error)")
        }
    }

    /// Within one boot of the kernel the time since boot can be compared between processes.
    private static func bootID() -> String {
        let text = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
        return text.map { $0.filter { !$0.isWhitespace } } ?? "unknown"
    }
}
