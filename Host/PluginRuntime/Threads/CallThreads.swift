import Synchronization

/// The threads on which plugin code runs, never the cooperative pool: a plugin may block until its deadline.
///
/// They start at `minimum` and grow up to `maximum` when a job has waited longer than `patienceNanoseconds` since
/// every thread is held by a slow plugin; quick skills keep to the first few, which saves context switches.
package final class CallThreads: Sendable {
    package struct Limits: Sendable {
        package var minimum: Int
        package var maximum: Int
        package var maxQueuedJobs: Int
        package var patienceNanoseconds: UInt64

        package init(
            minimum: Int = 2,
            maximum: Int = 64,
            maxQueuedJobs: Int = 4096,
            patienceNanoseconds: UInt64 = 5_000_000
        ) {
            self.minimum = minimum
            self.maximum = maximum
            self.maxQueuedJobs = maxQueuedJobs
            self.patienceNanoseconds = patienceNanoseconds
        }
    }

    private struct State: ~Copyable {
        var jobs: [(@Sendable () -> Void)?] = []
        var head = 0
        var oldestQueuedAt: UInt64 = 0
        var idle = 0
        var threads = 0

        var count: Int { jobs.count - head }

        mutating func append(_ job: @escaping @Sendable () -> Void) {
            if count == 0 { oldestQueuedAt = MonotonicClock.now() }
            jobs.append(job)
        }

        mutating func popFirst() -> (@Sendable () -> Void)? {
            guard head < jobs.count else { return nil }
            let job = jobs[head]
            jobs[head] = nil
            head += 1
            if head == jobs.count {
                jobs.removeAll(keepingCapacity: true)
                head = 0
            } else if head >= 1024 {
                jobs.removeFirst(head)
                head = 0
            }
            oldestQueuedAt = MonotonicClock.now()
            return job
        }
    }

    /// Starts a thread with a name; false when there is none to be had.
    typealias Starter = @Sendable (_ name: String, _ run: @escaping @Sendable () -> Void) -> Bool

    private let limits: Limits
    private let start: Starter
    private let state = Mutex(State())
    private let wake = Semaphore()
    private let backlog = Mutex<(@Sendable () -> Void)?>(nil)

    package convenience init(limits: Limits = Limits()) {
        self.init(limits: limits) { name, run in DetachedThread.start(named: name, run) }
    }

    init(limits: Limits, start: @escaping Starter) {
        self.limits = limits
        self.start = start
    }

    var patienceNanoseconds: UInt64 { limits.patienceNanoseconds }

    /// Names who is told when a job has to wait, and then calls ``relieve()`` once the patience is over.
    func onBacklog(_ body: @escaping @Sendable () -> Void) { backlog.withLock { $0 = body } }

    /// Queues a job; false when the queue is full.
    package func submit(_ job: @escaping @Sendable () -> Void) -> Bool {
        enum Step {
            case refused, queued, wake, start
        }
        let step = state.withLock { state -> Step in
            guard state.count < limits.maxQueuedJobs else { return .refused }
            state.append(job)
            if state.idle > 0 {
                state.idle -= 1
                return .wake
            }
            guard state.threads < limits.minimum || hasWaitedTooLong(state), state.threads < limits.maximum else {
                return .queued
            }
            state.threads += 1
            return .start
        }
        switch step {
        case .refused: return false
        case .queued: backlog.withLock { $0 }?()
        case .wake: wake.signal()
        // Out of threads: the job waits for those there are, or until there is one to be had.
        case .start: if !startThread() { backlog.withLock { $0 }?() }
        }
        return true
    }

    /// Adds a thread when jobs wait behind slow ones.
    ///
    /// Returns whether jobs are waiting at all.
    func relieve() -> Bool {
        let (mustStart, isWaiting) = state.withLock { state -> (Bool, Bool) in
            guard state.count > 0 else { return (false, false) }
            guard state.idle == 0, state.threads < limits.maximum, hasWaitedTooLong(state) else { return (false, true) }
            state.threads += 1
            return (true, true)
        }
        if mustStart { _ = startThread() }
        return isWaiting
    }

    private func hasWaitedTooLong(_ state: borrowing State) -> Bool {
        state.count > 0 && MonotonicClock.now() &- state.oldestQueuedAt > limits.patienceNanoseconds
    }

    /// Starts the thread that has been counted already, or counts it no more.
    private func startThread() -> Bool {
        let isStarted = start("prax-call") { [self] in
            while true {
                if let job = nextJob() { job() } else { wake.wait() }
            }
        }
        if !isStarted { state.withLock { $0.threads -= 1 } }
        return isStarted
    }

    private func nextJob() -> (@Sendable () -> Void)? {
        state.withLock { state in
            let job = state.popFirst()
            if job == nil { state.idle += 1 }
            return job
        }
    }
}
