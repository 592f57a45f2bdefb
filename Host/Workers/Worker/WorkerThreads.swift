import CLinux
import Glibc
import PluginRuntime
import Synchronization

/// The threads of a worker: they wait for the socket together, and whoever wakes reads the frames, runs the first call
/// itself and leaves the others in the queue.
///
/// So a call costs no hop from a reading thread to a calling one. The thread that entered first, the reserve, never
/// runs plugin code: the kernel wakes the waiter that came last (epoll(7), one waiter per edge), so the reserve gets
/// its turn when every other thread is inside the plugin, and then it still answers PING.
final class WorkerThreads: Sendable {
    /// For threads that run none of the plugin's code: their stacks count against its memory.
    static let smallStackBytes = 256 << 10
    private static let stackBytes = 2 << 20
    /// A job that waits for a thread that is busy gets another one after this time: quick calls are over sooner.
    private static let patienceMicroseconds: UInt32 = 300

    private let poll: Int32
    private let wake: Int32
    private let socket: Int32
    private let jobs = JobQueue()
    private let maxThreads: Int
    private let threads = Atomic(0)
    /// Threads for plugin code that wait for an event, or are about to.
    private let resting = Atomic(0)
    private let isHelperCalled = Atomic(false)
    private let read: @Sendable (_ isJobThread: Bool) -> Void
    private let idle: @Sendable () -> Void

    /// `read` reads and handles everything the socket holds, told whether its thread looks at the queue afterwards; it
    /// may be called by several threads at once.
    ///
    /// `idle` runs when a thread has nothing more to do.
    init?(
        socket: Int32,
        maxThreads: Int,
        read: @escaping @Sendable (_ isJobThread: Bool) -> Void,
        idle: @escaping @Sendable () -> Void
    ) {
        poll = prax_poll_create()
        wake = prax_event_create()
        self.socket = socket
        self.maxThreads = maxThreads
        self.read = read
        self.idle = idle
        guard poll >= 0, wake >= 0, prax_poll_add_input(poll, socket) == 0, prax_poll_add_input(poll, wake) == 0 else {
            return nil
        }
    }

    /// Starts the reserve.
    func start() {
        DetachedThread.start(named: "prax-reserve", stackBytes: Self.smallStackBytes) { [self] in
            while true {
                guard waitForEvent(isJobThread: false) == wake else { continue }
                // Whatever comes of it, the next one who needs help must be able to call again.
                isHelperCalled.store(false, ordering: .sequentiallyConsistent)
                guard !jobs.isEmpty, !startThread(), resting.load(ordering: .sequentiallyConsistent) > 0 else { continue }
                // It was this thread that woke, and it may not run the job: wake one that may.
                callHelper()
            }
        }
    }

    /// Makes this thread one of those that run plugin code.
    func join() -> Never {
        threads.wrappingAdd(1, ordering: .relaxed)
        runJobs()
    }

    /// Queues a job.
    ///
    /// `isOwn` when this thread will look at the queue next: then only what comes on top needs a helper.
    func submit(isOwn: Bool, _ job: @escaping @Sendable () -> Void) {
        let waiting = jobs.push(job)
        if waiting > (isOwn ? 1 : 0) { callHelper() }
    }

    /// Whether no job waits.
    var isIdle: Bool { jobs.isEmpty }

    private func runJobs() -> Never {
        while true {
            while let job = jobs.pop() { job() }
            idle()
            resting.wrappingAdd(1, ordering: .sequentiallyConsistent)
            // Whoever queues a job after this look finds this thread resting.
            let event = jobs.isEmpty ? waitForEvent(isJobThread: true) : -1
            resting.wrappingSubtract(1, ordering: .sequentiallyConsistent)
            guard event == wake else { continue }
            usleep(Self.patienceMicroseconds)
            isHelperCalled.store(false, ordering: .sequentiallyConsistent)
            guard let job = jobs.pop() else { continue }
            if !jobs.isEmpty { callHelper() }
            job()
        }
    }

    private func callHelper() {
        guard !isHelperCalled.exchange(true, ordering: .sequentiallyConsistent) else { return }
        prax_event_signal(wake)
    }

    /// Waits for the socket or for ``callHelper()``; what the socket holds has been read when this returns.
    private func waitForEvent(isJobThread: Bool) -> Int32 {
        let descriptor = prax_poll_wait(poll)
        if descriptor == socket { read(isJobThread) }
        if descriptor == wake { prax_event_clear(wake) }
        return descriptor
    }

    /// Returns whether there is one thread more.
    private func startThread() -> Bool {
        guard threads.load(ordering: .relaxed) < maxThreads else { return false }
        threads.wrappingAdd(1, ordering: .relaxed)
        let isStarted = DetachedThread.start(named: "prax-call", stackBytes: Self.stackBytes) { [self] in runJobs() }
        if !isStarted { threads.wrappingSubtract(1, ordering: .relaxed) }
        return isStarted
    }
}
