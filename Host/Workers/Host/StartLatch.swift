import PluginRuntime
import Synchronization

/// Where whoever starts a worker waits for what comes of it.
final class StartLatch: Sendable {
    private let result = Mutex<Result<Void, WorkerStartFailure>?>(nil)
    private let done = Semaphore()

    func succeed() { settle(.success(())) }
    func fail(_ failure: WorkerStartFailure) { settle(.failure(failure)) }

    /// The first word counts.
    private func settle(_ value: Result<Void, WorkerStartFailure>) {
        let isFirst = result.withLock { result in
            guard result == nil else { return false }
            result = value
            return true
        }
        if isFirst { done.signal() }
    }

    func wait() throws(WorkerStartFailure) {
        done.wait()
        guard let result = result.withLock({ $0 }) else { return }
        try result.get()
    }
}
