import Synchronization

/// The requests of one connection on their way from its event loop to the task that serves them.
///
/// Waiting does not end when that task is cancelled: a request that broke off is recorded all the same.
final class RequestQueue: Sendable {
    private struct State {
        /// One at most, but for a connection that ends.
        var requests: [IncomingRequest] = []
        var isFinished = false
        var reader: CheckedContinuation<IncomingRequest?, Never>?
    }

    private let state = Mutex(State())

    func add(_ request: IncomingRequest) {
        let reader = state.withLock { state in
            let reader = state.reader.take()
            if reader == nil { state.requests.append(request) }
            return reader
        }
        reader?.resume(returning: request)
    }

    /// Nothing will follow.
    func finish() {
        let reader = state.withLock { state in
            state.isFinished = true
            return state.reader.take()
        }
        reader?.resume(returning: nil)
    }

    /// The next request; nil after the last one.
    ///
    /// One reader.
    func next() async -> IncomingRequest? {
        await withCheckedContinuation { continuation in
            let known = state.withLock { state -> IncomingRequest?? in
                if !state.requests.isEmpty { return .some(state.requests.removeFirst()) }
                if state.isFinished { return .some(nil) }
                state.reader = continuation
                return nil
            }
            if let known { continuation.resume(returning: known) }
        }
    }
}
