import CLinux
import Glibc
import Synchronization

/// The threads on which plugin code runs, never the cooperative pool: a plugin may block until its deadline.
///
/// They start at `minimum` and grow up to `maximum` when a job has waited longer than `patienceNanoseconds` since
/// every thread is held by a slow plugin; quick skills keep to the first few, which saves context switches.
final class CallThreads: Sendable {
    struct Limits {
        var minimum = 2
        var maximum = 64
        var maxQueuedJobs = 4096
        var patienceNanoseconds: UInt64 = 5_000_000
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

    private let limits: Limits
    private let state = Mutex(State())
    private let wake = Semaphore()
    private let backlog = Mutex<(@Sendable () -> Void)?>(nil)

    init(limits: Limits = Limits()) { self.limits = limits }

    var patienceNanoseconds: UInt64 { limits.patienceNanoseconds }

    /// Names who is told when a job has to wait, and then calls ``relieve()`` once the patience is over.
    func onBacklog(_ body: @escaping @Sendable () -> Void) { backlog.withLock { $0 = body } }

    /// Queues a job; false when the queue is full.
    func submit(_ job: @escaping @Sendable () -> Void) -> Bool {
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
        case .start: startThread()
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
        if mustStart { startThread() }
        return isWaiting
    }

    private func hasWaitedTooLong(_ state: borrowing State) -> Bool {
        state.count > 0 && MonotonicClock.now() &- state.oldestQueuedAt > limits.patienceNanoseconds
    }

    private func startThread() {
        DetachedThread.start(named: "prax-call") { [self] in
            while true {
                if let job = nextJob() { job() } else { wake.wait() }
            }
        }
    }

    private func nextJob() -> (@Sendable () -> Void)? {
        state.withLock { state in
            let job = state.popFirst()
            if job == nil { state.idle += 1 }
            return job
        }
    }
}

/// A counting semaphore (sem_t) with a stable address.
///
/// @unchecked Sendable: sem_t is made for use from several threads; the pointer never changes.
final class Semaphore: @unchecked Sendable {
    private let semaphore = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() { sem_init(semaphore, 0, 0) }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func signal() { sem_post(semaphore) }

    func wait() {
        while sem_wait(semaphore) != 0 {}
    }

    /// Waits until signalled or until a moment of CLOCK_MONOTONIC.
    func wait(until deadline: UInt64) {
        guard deadline != .max else { return wait() }
        let now = MonotonicClock.now()
        guard deadline > now else { return }
        var real = timespec()
        clock_gettime(CLOCK_REALTIME, &real)
        let total = UInt64(real.tv_nsec) &+ (deadline - now) % 1_000_000_000
        let seconds = (deadline - now) / 1_000_000_000 + total / 1_000_000_000
        real.tv_sec += Int(clamping: min(seconds, 86_400))
        real.tv_nsec = Int(total % 1_000_000_000)
        sem_timedwait(semaphore, &real)
    }
}

/// A thread of its own, detached, for the life of the process.
enum DetachedThread {
    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    static func start(named name: String, _ run: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let body = Unmanaged.passRetained(Body(run)).toOpaque()
        let result = pthread_create(
            &thread,
            nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            },
            body
        )
        guard result == 0 else {
            // Out of threads: the jobs wait for the threads there are; their deadlines still end them.
            Unmanaged<Body>.fromOpaque(body).release()
            return
        }
        prax_thread_set_name(thread, name)
        pthread_detach(thread)
    }
}
