import Synchronization
import Workers

/// Brings together that a worker has been made and that it has ended, whichever is heard of first.
///
/// The worker's listener holds it: it lets go of a worker that has ended, or neither would ever be freed.
final class Birth: Sendable {
    private let state = Mutex<(worker: Worker?, end: WorkerEnd?)>((nil, nil))

    var worker: Worker? { state.withLock { $0.worker } }

    /// The worker, when it is known already.
    func ended(_ end: WorkerEnd) -> Worker? {
        state.withLock { state in
            state.end = end
            return state.worker.take()
        }
    }

    /// How the worker ended, when it has ended already.
    func isKnown(_ worker: Worker) -> WorkerEnd? {
        state.withLock { state in
            if state.end == nil { state.worker = worker }
            return state.end
        }
    }
}
