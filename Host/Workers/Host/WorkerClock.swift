import PluginRuntime
import Synchronization

/// What has limits of time.
protocol Ticking: AnyObject, Sendable {
    /// Does what is due and returns when something is due next, in nanoseconds of CLOCK_MONOTONIC.
    func tick(at now: UInt64) -> UInt64
}

/// The one thread that keeps the limits of all workers, and that starts them: a worker dies with the thread that forked
/// it (prctl(2), PR_SET_PDEATHSIG), so that thread must live as long as the host.
final class WorkerClock: Sendable {
    private struct State {
        var ticking: [ObjectIdentifier: any Ticking] = [:]
        var jobs: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())
    private let next = Atomic<UInt64>(.max)
    private let wake = Semaphore()

    init() {
        DetachedThread.start(named: "prax-clock") { [self] in
            while true { turn() }
        }
    }

    /// Ticks from now on, until ``remove(_:)``.
    func add(_ ticking: any Ticking) {
        state.withLock { $0.ticking[ObjectIdentifier(ticking)] = ticking }
        look(at: 0)
    }

    func remove(_ ticking: any Ticking) {
        state.withLock { _ = $0.ticking.removeValue(forKey: ObjectIdentifier(ticking)) }
    }

    /// Runs `body` on this thread and waits for it.
    ///
    /// `nothing` is what it starts from; the body's value takes its place.
    func run<Value: Sendable>(_ nothing: Value, _ body: @escaping @Sendable () -> Value) -> Value {
        let result = Mutex(nothing)
        let done = Semaphore()
        state.withLock { state in
            state.jobs.append {
                result.withLock { $0 = body() }
                done.signal()
            }
        }
        wake.signal()
        done.wait()
        return result.withLock { $0 }
    }

    /// Makes sure everything is looked at again no later than at `moment`.
    func look(at moment: UInt64) {
        if lower(to: moment) { wake.signal() }
    }

    /// Whether the next look was to be later than that.
    private func lower(to moment: UInt64) -> Bool {
        // What is due was noted before this: either the next turn sees it, or this sees that turn's `next`.
        atomicMemoryFence(ordering: .sequentiallyConsistent)
        var known = next.load(ordering: .relaxed)
        while moment < known {
            let (exchanged, original) = next.weakCompareExchange(expected: known, desired: moment, ordering: .relaxed)
            if exchanged { return true }
            known = original
        }
        return false
    }

    private func turn() {
        wake.wait(until: next.load(ordering: .relaxed))
        next.store(.max, ordering: .sequentiallyConsistent)
        let (ticking, jobs) = state.withLock { state in
            defer { state.jobs = [] }
            return (Array(state.ticking.values), state.jobs)
        }
        for job in jobs { job() }
        var earliest = UInt64.max
        for each in ticking { earliest = min(earliest, each.tick(at: MonotonicClock.now())) }
        _ = lower(to: earliest)
    }
}
