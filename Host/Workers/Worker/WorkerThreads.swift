import Glibc
import PluginRuntime
import Synchronization

/// The threads of a worker: one of them, the leader, reads what the host sends and runs the calls itself, so that a call
/// costs no hop from a reading thread to another one.
///
/// A leader that is stuck in the plugin loses the lead to the next thread after a moment, which a watch sees to; the
/// watch sleeps while nothing happens. The reserve never runs plugin code: it leads when every other thread is inside
/// the plugin, and then it still answers PING.
final class WorkerThreads: Sendable {
    /// @unchecked Sendable: a pthread_t is only compared.
    private struct Leader: @unchecked Sendable {
        let number: UInt32
        let thread: pthread_t
    }

    /// For threads that run none of the plugin's code: their stacks count against its memory.
    static let smallStackBytes = 256 << 10
    private static let stackBytes = 2 << 20
    /// How often the watch looks, while it is awake.
    private static let watchMicroseconds: UInt32 = 400
    /// After so many looks at nothing it sleeps.
    private static let maxIdleLooks = 50
    private static let reserveNumber: UInt32 = 1

    private let jobs = JobQueue()
    private let lead = Leadership()
    private let maxThreads: Int
    private let threads = Atomic(0)
    private let lastNumber = Atomic<UInt32>(WorkerThreads.reserveNumber)
    /// Threads for plugin code that wait to be woken.
    private let resting = Atomic(0)
    /// Who took the lead last.
    private let leader = Mutex<Leader?>(nil)
    private let wake = Semaphore()
    private let wakeReserve = Semaphore()
    private let callbacks = JobQueue()
    private let hasCallbackThread = Atomic(false)
    private let wakeCallbacks = Semaphore()
    private let isWatching = Atomic(false)
    private let wakeWatch = Semaphore()
    private let read: @Sendable (_ isJobThread: Bool) -> Void
    private let outbox: WorkerOutbox

    /// `read` waits for what the host sends and handles it; only one thread at a time is in it, told whether it looks at
    /// the queue afterwards.
    init(maxThreads: Int, outbox: WorkerOutbox, read: @escaping @Sendable (_ isJobThread: Bool) -> Void) {
        self.maxThreads = maxThreads
        self.outbox = outbox
        self.read = read
    }

    /// Starts the reserve, which leads until ``join()``, and the watch.
    func start() {
        outbox.onWaiting { [self] in watchOver() }
        DetachedThread.start(named: "prax-watch", stackBytes: Self.smallStackBytes) { [self] in runWatch() }
        DetachedThread.start(named: "prax-reserve", stackBytes: Self.smallStackBytes) { [self] in runReserve() }
    }

    /// Makes this thread one of those that run plugin code.
    func join() -> Never {
        threads.wrappingAdd(1, ordering: .sequentiallyConsistent)
        run()
    }

    /// Queues a job.
    ///
    /// `isOwn` when this thread will look at the queue next.
    func submit(isOwn: Bool, _ job: @escaping @Sendable () -> Void) {
        jobs.push(job)
        if !isOwn { help() }
    }

    /// Runs a callback of the plugin that must not wait behind calls, which may hold every thread until it has run: one
    /// after the other, on a thread of their own.
    func submitCallback(_ callback: @escaping @Sendable () -> Void) {
        callbacks.push(callback)
        if !hasCallbackThread.exchange(true, ordering: .sequentiallyConsistent) {
            let isStarted = DetachedThread.start(named: "prax-cancel", stackBytes: Self.stackBytes) { [self] in
                while true {
                    while let callback = callbacks.pop() { callback() }
                    wakeCallbacks.wait()
                }
            }
            if !isStarted { hasCallbackThread.store(false, ordering: .sequentiallyConsistent) }
        }
        wakeCallbacks.signal()
    }

    /// This thread is about to wait for the host from inside the plugin: if it leads, somebody else must read the answer.
    func standAside() {
        guard let number = leader.withLock({ $0 }), pthread_equal(number.thread, pthread_self()) != 0 else { return }
        lead.leave(number.number)
        help()
    }

    /// Whether no job waits.
    var isIdle: Bool { jobs.isEmpty }

    private func run() -> Never {
        let number = lastNumber.wrappingAdd(1, ordering: .relaxed).newValue
        while true {
            if lead.has(number) || lead.take(number) {
                runAsLeader(number)
            } else if let job = jobs.pop() {
                watchOver()
                job()
            } else {
                rest()
            }
        }
    }

    /// Until the lead is lost.
    private func runAsLeader(_ number: UInt32) {
        leader.withLock { $0 = Leader(number: number, thread: pthread_self()) }
        while true {
            while let job = jobs.pop() {
                guard lead.go(number, isWorking: true) else { return job() }
                watchOver()
                job()
            }
            outbox.flush()
            guard lead.go(number, isWorking: false) else { return }
            read(true)
        }
    }

    private func rest() {
        outbox.flush()
        resting.wrappingAdd(1, ordering: .sequentiallyConsistent)
        // Whoever queues a job or vacates the lead after this look finds this thread resting.
        if jobs.isEmpty, !lead.look.isVacant { wake.wait() }
        resting.wrappingSubtract(1, ordering: .sequentiallyConsistent)
    }

    /// Has a thread look at the queue, and at the lead.
    private func help() {
        if resting.load(ordering: .sequentiallyConsistent) > 0 { return wake.signal() }
        guard !startThread() else { return }
        if lead.look.isVacant { wakeReserve.signal() }
        // Nobody is free: whoever becomes free looks for himself, and the watch looks that it happens.
        watchOver()
    }

    private func startThread() -> Bool {
        // One that waits for the host is as good as none for a job that is to run now.
        let look = lead.look
        let readers = !look.isVacant && !look.isWorking && look.thread != Self.reserveNumber ? 1 : 0
        guard threads.load(ordering: .sequentiallyConsistent) < maxThreads + readers else { return false }
        threads.wrappingAdd(1, ordering: .sequentiallyConsistent)
        let isStarted = DetachedThread.start(named: "prax-call", stackBytes: Self.stackBytes) { [self] in run() }
        if !isStarted { threads.wrappingSubtract(1, ordering: .sequentiallyConsistent) }
        return isStarted
    }

    private func runReserve() -> Never {
        while true {
            if lead.take(Self.reserveNumber), lead.go(Self.reserveNumber, isWorking: false) {
                read(false)
                outbox.flush()
                // To somebody who may run calls as well, if anybody is free; else it comes back.
                lead.leave(Self.reserveNumber)
                watchOver()
                help()
            }
            wakeReserve.wait()
        }
    }

    /// Makes sure that the watch is awake.
    private func watchOver() {
        guard !isWatching.load(ordering: .sequentiallyConsistent) else { return }
        if !isWatching.exchange(true, ordering: .sequentiallyConsistent) { wakeWatch.signal() }
    }

    private func runWatch() -> Never {
        var last = lead.look
        var lastTaken = jobs.taken
        while true {
            wakeWatch.wait()
            var idleLooks = 0
            while idleLooks < Self.maxIdleLooks {
                usleep(Self.watchMicroseconds)
                let (look, taken) = (lead.look, jobs.taken)
                let isBusy = look != last || look.isWorking || look.isVacant || !jobs.isEmpty || outbox.isWaiting
                idleLooks = isBusy ? 0 : idleLooks + 1
                if outbox.isWaiting { outbox.flush() }
                // Stuck since the last look, or nobody has taken the lead up: somebody else must read on.
                if look == last, look.isVacant || lead.revoke(look) { help() }
                // Jobs wait, and nobody has taken one since.
                if taken == lastTaken, !jobs.isEmpty { help() }
                (last, lastTaken) = (look, taken)
            }
            isWatching.store(false, ordering: .sequentiallyConsistent)
            // Whoever came before this and found the watch awake.
            if lead.look.isWorking || lead.look.isVacant || !jobs.isEmpty || outbox.isWaiting { watchOver() }
        }
    }
}
