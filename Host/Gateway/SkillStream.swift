package import Core
package import PluginRuntime
import Synchronization

/// One request whose answer is streamed: its events as they come, and how it ends.
///
/// The call goes on until its end or ``cancel()``, whoever still reads.
package final class SkillStream: Sendable {
    private typealias Process = @Sendable () async -> Result<SkillAnswer, Failure>

    private enum Ending {
        case open
        /// The host is stopping: whoever asks for the result has the refusal recorded.
        case refused(Process)
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
        let process: @Sendable (Result<SkillRequest, Failure>) async -> Result<SkillAnswer, Failure> = {
            [queue] request in
            await Result { () async throws(Failure) in
                try await pipeline.process(
                    origin,
                    principal: principal,
                    request: request,
                    requestBytes: requestBytes,
                    events: queue
                )
            }
        }
        if !owner.start({ [self] in end(await process(request)) }, until: stopSignal) {
            ending.withLock { $0 = .refused { await process(request.flatMap { _ in .failure(.pluginGone) }) } }
            queue.close()
        }
    }

    /// The next event; nil after the last one.
    ///
    /// One reader at a time.
    package func next() async -> CallEvent? { await queue.next() }

    /// How the request ended, once it has.
    package func result() async -> Result<SkillAnswer, Failure> {
        if let process = takeRefused() { end(await process()) }
        return await withCheckedContinuation { continuation in
            let known = ending.withLock { ending -> Result<SkillAnswer, Failure>? in
                if case .ended(let result) = ending { return result }
                ending = .awaited(continuation)
                return nil
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    private func takeRefused() -> Process? {
        ending.withLock { ending in
            guard case .refused(let process) = ending else { return nil }
            ending = .open
            return process
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
