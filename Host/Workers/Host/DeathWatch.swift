import CLinux
import PluginRuntime
import Synchronization

/// Hears of the end of processes, on one thread for all: a worker's socket may outlive it in the hands of a child.
final class DeathWatch: Sendable {
    private let poll: Int32
    private let waiting = Mutex<[Int32: @Sendable () -> Void]>([:])

    init() {
        poll = prax_poll_create()
        DetachedThread.start(named: "prax-deaths") { [self] in
            while true {
                let descriptor = prax_poll_wait(poll)
                waiting.withLock { $0.removeValue(forKey: descriptor) }?()
            }
        }
    }

    /// Calls `body` once, on this watch's thread, when the process behind a pidfd has ended.
    func wait(for process: Int32, _ body: @escaping @Sendable () -> Void) {
        waiting.withLock { $0[process] = body }
        // Already ended counts as an arrival.
        _ = prax_poll_add_input(poll, process)
    }

    /// Forgets a process whose descriptor is about to be closed.
    func forget(_ process: Int32) {
        waiting.withLock { _ = $0.removeValue(forKey: process) }
        prax_poll_forget(poll, process)
    }
}
