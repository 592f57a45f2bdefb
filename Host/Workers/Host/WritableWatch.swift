import CLinux
import PluginRuntime
import Synchronization

/// Waits for sockets that were full, on one thread for all workers.
final class WritableWatch: Sendable {
    private let poll: Int32
    private let waiting = Mutex<[Int32: @Sendable () -> Void]>([:])

    init() {
        poll = prax_poll_create()
        DetachedThread.start(named: "prax-writable") { [self] in
            while true { serve() }
        }
    }

    private func serve() {
        let descriptor = prax_poll_wait(poll)
        waiting.withLock { $0.removeValue(forKey: descriptor) }?()
    }

    /// Calls `body` once, on this watch's thread, when the socket takes bytes or is gone.
    func wait(for socket: Int32, _ body: @escaping @Sendable () -> Void) {
        waiting.withLock { $0[socket] = body }
        prax_poll_await_output(poll, socket)
    }

    /// Forgets a socket that is about to be closed.
    func forget(_ socket: Int32) {
        waiting.withLock { _ = $0.removeValue(forKey: socket) }
        prax_poll_forget(poll, socket)
    }
}
