import PluginRuntime
import Synchronization

/// The one thread on which a host changes its store: unpacking, hashing and forcing files to disk blocks, and would keep
/// the threads of the cooperative pool from every request.
///
/// One is enough: changes wait for one another's lock in any case.
final class StoreThread: TaskExecutor {
    private let jobs = Mutex<[UnownedJob]>([])
    private let wake = Semaphore()
    /// False where the kernel gave no thread: then whoever asks does the work.
    private let isRunning = Atomic(false)

    init() {
        let isStarted = DetachedThread.start(named: "prax-store") { [self] in
            while true {
                wake.wait()
                let job = jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }
                job?.runSynchronously(on: asUnownedTaskExecutor())
            }
        }
        isRunning.store(isStarted, ordering: .relaxed)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        guard isRunning.load(ordering: .relaxed) else {
            return job.runSynchronously(on: asUnownedTaskExecutor())
        }
        jobs.withLock { $0.append(job) }
        wake.signal()
    }
}
