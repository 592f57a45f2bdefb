import Core
import PluginRuntime
import Synchronization

/// A request on a task of its own, whose result somebody asks for, now or later.
///
/// It goes on until its end or ``cancel()``.
final class RunningRequest<Answer: Sendable>: Sendable {
    /// `refusal` is why the request may not be served; it is recorded all the same.
    typealias Process = @Sendable (_ refusal: Failure?) async throws(Failure) -> Answer

    private enum Ending {
        case open
        /// The host is stopping: whoever asks for the result has the refusal recorded.
        case refused(Process)
        case awaited(CheckedContinuation<Result<Answer, Failure>, Never>)
        case ended(Result<Answer, Failure>)
    }

    private let stopSignal = StopSignal()
    private let ending = Mutex(Ending.open)
    private let onEnd: @Sendable () -> Void

    /// Starts the request on the tasks of `owner`; `onEnd` runs when it has ended, and may run twice.
    init(owner: CallTasks, onEnd: @escaping @Sendable () -> Void, process: @escaping Process) {
        self.onEnd = onEnd
        if !owner.start({ [self] in end(await run(process, refusal: nil)) }, until: stopSignal) {
            ending.withLock { $0 = .refused(process) }
            onEnd()
        }
    }

    /// How the request ended, once it has.
    func result() async -> Result<Answer, Failure> {
        if let process = takeRefused() { end(await run(process, refusal: .pluginGone)) }
        return await withCheckedContinuation { continuation in
            let known = ending.withLock { ending -> Result<Answer, Failure>? in
                if case .ended(let result) = ending { return result }
                ending = .awaited(continuation)
                return nil
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    /// Cancels the task that serves the request.
    func cancel() { stopSignal.stop() }

    private func run(_ process: Process, refusal: Failure?) async -> Result<Answer, Failure> {
        await .awaiting { () async throws(Failure) in try await process(refusal) }
    }

    private func takeRefused() -> Process? {
        ending.withLock { ending in
            guard case .refused(let process) = ending else { return nil }
            ending = .open
            return process
        }
    }

    private func end(_ result: Result<Answer, Failure>) {
        onEnd()
        let awaited = ending.withLock { ending -> CheckedContinuation<Result<Answer, Failure>, Never>? in
            defer { ending = .ended(result) }
            if case .awaited(let continuation) = ending { return continuation }
            return nil
        }
        awaited?.resume(returning: result)
    }
}

extension Result where Failure == Core.Failure {
    /// What an asynchronous body returns or throws.
    static func awaiting(_ body: () async throws(Failure) -> Success) async -> Self {
        do throws(Failure) {
            return .success(try await body())
        } catch {
            return .failure(error)
        }
    }

    /// The same, unless there is a reason to refuse it.
    func refused(by refusal: Failure?) -> Self { flatMap { value in refusal.map { .failure($0) } ?? .success(value) } }
}
