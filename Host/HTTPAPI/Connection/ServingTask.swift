import Synchronization

/// The task that serves the requests of a connection, from its first one on: most WebSockets, and many others, never
/// send one that needs it.
///
/// Whoever serves the connection waits for its end.
final class ServingTask: Sendable {
    private struct State {
        var task: Task<Void, Never>?
        var isCancelled = false
    }

    private let state = Mutex(State())

    /// Starts it, if it was not started before.
    func start(_ serve: @escaping @Sendable () async -> Void) {
        state.withLock { state in
            guard state.task == nil else { return }
            let task = Task { await serve() }
            if state.isCancelled { task.cancel() }
            state.task = task
        }
    }

    func cancel() {
        state.withLock { state in
            state.isCancelled = true
            state.task?.cancel()
        }
    }

    /// Returns when it has ended, at once when it never began; it is not started any more by then.
    func end() async { await state.withLock { $0.task }?.value }
}
