import Egress
import Synchronization

/// Waits for what a collector answers; its body says nothing that matters.
final class OTLPAnswer: HTTPHandler {
    typealias End = (status: Int, error: HTTPError?)

    private struct State {
        var status = 0
        var end: End?
        var waiter: CheckedContinuation<End, Never>?
    }

    private let state = Mutex(State())

    func head(status: Int, fields: [HTTPField]) { state.withLock { $0.status = status } }

    func body(_ piece: UnsafeRawBufferPointer) {}

    func end(_ error: HTTPError?) {
        let (waiter, end) = state.withLock { state in
            let end: End = (state.status, error)
            state.end = end
            return (state.waiter.take(), end)
        }
        waiter?.resume(returning: end)
    }

    /// The status and why the transfer failed, once it has ended; called once.
    func end() async -> End {
        await withCheckedContinuation { continuation in
            let end = state.withLock { state in
                if state.end == nil { state.waiter = continuation }
                return state.end
            }
            if let end { continuation.resume(returning: end) }
        }
    }
}
