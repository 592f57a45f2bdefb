import Glibc

/// What a plugin wants to hear when its stream has room again, under the lock of whoever keeps it.
///
/// At most one thread runs it at a time, so that whoever takes it back knows that it runs no more.
package struct CreditCallback {
    private var callback: PluginCallback?
    /// The thread that runs it right now.
    private var thread: pthread_t?

    package init() {}

    package var isRunning: Bool { thread != nil }

    /// False while another thread runs the one before: its owner is to try again.
    package mutating func set(_ callback: PluginCallback?) -> Bool {
        if let thread, pthread_equal(thread, pthread_self()) == 0 { return false }
        self.callback = callback
        return true
    }

    /// Nobody is told from now on.
    package mutating func forget() { callback = nil }

    /// What this thread is to run, outside the lock, before it calls ``finish()``; nil when there is nothing to run.
    package mutating func begin() -> PluginCallback? {
        if callback != nil { thread = pthread_self() }
        return callback
    }

    package mutating func finish() { thread = nil }
}
