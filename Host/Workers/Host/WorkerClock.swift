import PluginRuntime
import Synchronization

/// The one thread that keeps the limits of all workers, and that starts them: a worker dies with the thread that forked
/// it (prctl(2), PR_SET_PDEATHSIG), so that thread must live as long as the host.
final class WorkerClock: Sendable {
    private struct State {
        var workers: [ObjectIdentifier: Worker] = [:]
        var jobs: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())
    private let alarm = Alarm()

    init() {
        DetachedThread.start(named: "prax-clock") { [self] in
            while true { turn() }
        }
    }

    /// Looks after the worker from now on, until ``remove(_:)``.
    func add(_ worker: Worker) {
        state.withLock { $0.workers[ObjectIdentifier(worker)] = worker }
        look(at: 0)
    }

    func remove(_ worker: Worker) {
        state.withLock { _ = $0.workers.removeValue(forKey: ObjectIdentifier(worker)) }
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
        alarm.ring()
        done.wait()
        return result.withLock { $0 }
    }

    /// Makes sure everything is looked at again no later than at `moment`.
    func look(at moment: UInt64) { alarm.set(to: moment) }

    private func turn() {
        alarm.wait()
        let (workers, jobs) = state.withLock { state in
            defer { state.jobs = [] }
            return (Array(state.workers.values), state.jobs)
        }
        for job in jobs { job() }
        var earliest = UInt64.max
        for worker in workers { earliest = min(earliest, worker.tick(at: MonotonicClock.now())) }
        alarm.setByWaiter(to: earliest)
    }
}
