import Synchronization

/// How far a child's events are ahead of the plugin that reads them; whoever forwards them waits when it is too far.
///
/// It counts and keeps nothing, because what says how much was read may be a worker that was taken over.
final class Lead: Sendable {
    private struct State {
        var aheadBytes = 0
        var hasEnded = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let maxBytes: Int
    private let state = Mutex(State())

    init(maxBytes: Int) { self.maxBytes = maxBytes }

    /// So much more has been forwarded; returns when it is little enough again.
    ///
    /// One caller at a time.
    func grow(by bytes: Int) async {
        await withCheckedContinuation { continuation in
            let mustWait = state.withLock { state in
                state.aheadBytes += bytes
                guard !state.hasEnded, state.aheadBytes > maxBytes else { return false }
                state.waiter = continuation
                return true
            }
            if !mustWait { continuation.resume() }
        }
    }

    /// So much has been read; what was never sent cannot be.
    func shrink(by bytes: Int) {
        let waiter = state.withLock { state in
            state.aheadBytes = max(0, state.aheadBytes - max(0, bytes))
            return state.aheadBytes > maxBytes ? nil : state.waiter.take()
        }
        waiter?.resume()
    }

    /// The child is over: nobody waits from now on, and what it had still queued is forwarded.
    func end() {
        let waiter = state.withLock { state in
            state.hasEnded = true
            return state.waiter.take()
        }
        waiter?.resume()
    }
}
