package import Core
package import PluginRuntime
import Synchronization

/// One request whose answer is streamed: its events as they come, and how it ends.
///
/// The call goes on until its end or ``cancel()``, whoever still reads.
package final class SkillStream: Sendable {
    private enum Ending {
        case open
        case awaited(CheckedContinuation<Result<SkillAnswer, Failure>, Never>)
        case ended(Result<SkillAnswer, Failure>)
    }

    private let queue = EventQueue()
    private let stopSignal = StopSignal()
    private let ending = Mutex(Ending.open)

    /// Starts the request on the tasks of `owner`.
    package init(
        _ origin: RequestOrigin,
        principal: Result<Principal, Failure>,
        request: Result<SkillRequest, Failure>,
        requestBytes: Int,
        pipeline: RequestPipeline,
        owner: CallTasks
    ) {
        let isStarted = owner.start(
            { [self] in
                let result = await Result { () async throws(Failure) in
                    try await pipeline.process(
                        origin,
                        principal: principal,
                        request: request,
                        requestBytes: requestBytes,
                        events: queue
                    )
                }
                end(result)
            },
            until: stopSignal
        )
        if !isStarted { end(.failure(.pluginGone)) }
    }

    /// The next event; nil after the last one.
    ///
    /// One reader at a time.
    package func next() async -> CallEvent? { await queue.next() }

    /// How the request ended, once it has.
    package func result() async -> Result<SkillAnswer, Failure> {
        await withCheckedContinuation { continuation in
            let known = ending.withLock { ending -> Result<SkillAnswer, Failure>? in
                if case .ended(let result) = ending { return result }
                ending = .awaited(continuation)
                return nil
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    /// Nobody reads any more: the call is cancelled.
    package func cancel() {
        stopSignal.stop()
        queue.close()
    }

    private func end(_ result: Result<SkillAnswer, Failure>) {
        queue.close()
        let awaited = ending.withLock { ending -> CheckedContinuation<Result<SkillAnswer, Failure>, Never>? in
            defer { ending = .ended(result) }
            if case .awaited(let continuation) = ending { return continuation }
            return nil
        }
        awaited?.resume(returning: result)
    }
}

extension Result where Failure: Error {
    fileprivate init(_ body: () async throws(Failure) -> Success) async {
        do throws(Failure) {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
