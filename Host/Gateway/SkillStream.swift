package import Core
package import PluginRuntime
import Synchronization

/// One request whose answer is streamed: its events as they come, and how it ends.
///
/// The call goes on until its end or ``cancel()``, whoever still reads.
package final class SkillStream: Sendable {
    private let queue: EventQueue
    private let request: RunningRequest<SkillAnswer>
    private let allowance: Allowance

    private final class Allowance: Sendable {
        let state = Mutex<RateLimitState?>(nil)
    }

    /// Starts the request on the tasks of `owner`.
    package init(
        _ origin: RequestOrigin,
        principal: Result<Principal, Failure>,
        request: Result<SkillRequest, Failure>,
        requestBytes: Int,
        pipeline: RequestPipeline,
        owner: CallTasks
    ) {
        let queue = EventQueue()
        self.queue = queue
        let allowance = Allowance()
        self.allowance = allowance
        self.request = RunningRequest(owner: owner, onEnd: { queue.close() }) { refusal throws(Failure) in
            try await pipeline.process(
                origin,
                principal: principal,
                request: request.refused(by: refusal),
                requestBytes: requestBytes,
                events: queue,
                admitted: { state in allowance.state.withLock { $0 = state } }
            )
        }
    }

    /// The next event; nil after the last one.
    ///
    /// One reader at a time.
    package func next() async -> CallEvent? { await queue.next() }

    /// What is left of the caller's limits; nil before the first event, and where nothing is limited.
    package var rateLimit: RateLimitState? { allowance.state.withLock { $0 } }

    /// How the request ended, once it has.
    package func result() async -> Result<SkillAnswer, Failure> { await request.result() }

    /// Nobody reads any more, because of `loss`: the call is cancelled, and the audit says why.
    package func cancel(because loss: Failure = .callCancelled) {
        queue.close(because: loss)
        request.cancel()
    }
}
