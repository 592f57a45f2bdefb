import CLinux
import PluginRuntime
import Synchronization

/// Waits for what happens once to many descriptors, on one thread for all.
final class DescriptorWatch: Sendable {
    private let poll: Int32
    private let begin: @Sendable (_ poll: Int32, _ descriptor: Int32) -> Void
    private let waiting = Mutex<[Int32: @Sendable () -> Void]>([:])

    private init(named name: String, _ begin: @escaping @Sendable (_ poll: Int32, _ descriptor: Int32) -> Void) {
        poll = prax_poll_create()
        self.begin = begin
        DetachedThread.start(named: name) { [self] in
            while true { serve() }
        }
    }

    /// The end of processes, by their pidfds: a worker's socket may outlive it in the hands of a child.
    static func deaths() -> DescriptorWatch {
        // Already ended counts as an arrival.
        DescriptorWatch(named: "prax-deaths") { _ = prax_poll_add_input($0, $1) }
    }

    /// Sockets that were full, until they take bytes or are gone.
    static func writable() -> DescriptorWatch {
        DescriptorWatch(named: "prax-writable") { _ = prax_poll_await_output($0, $1) }
    }

    private func serve() {
        let descriptor = prax_poll_wait(poll)
        waiting.withLock { $0.removeValue(forKey: descriptor) }?()
    }

    /// Calls `body` once, on this watch's thread.
    func wait(for descriptor: Int32, _ body: @escaping @Sendable () -> Void) {
        waiting.withLock { $0[descriptor] = body }
        begin(poll, descriptor)
    }

    /// Forgets a descriptor that is about to be closed.
    func forget(_ descriptor: Int32) {
        waiting.withLock { _ = $0.removeValue(forKey: descriptor) }
        prax_poll_forget(poll, descriptor)
    }
}
