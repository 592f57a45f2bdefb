package import Core
import PluginRuntime

/// One answer of a model that is streamed: its events as they come, and how it ends.
///
/// The request goes on until its end or ``cancel()``, whoever still reads.
package final class ChatStream: Sendable {
    private let queue: ChatEventQueue
    private let request: RunningRequest<ChatAnswer>

    /// Starts the request on the tasks of `owner`.
    package init(
        _ origin: RequestOrigin,
        principal: Result<Principal, Failure>,
        request: Result<ChatRequest, Failure>,
        requestBytes: Int,
        pipeline: ChatPipeline,
        owner: CallTasks
    ) {
        let queue = ChatEventQueue()
        self.queue = queue
        self.request = RunningRequest(owner: owner, onEnd: { queue.close() }) { refusal throws(Failure) in
            try await pipeline.chat(
                origin,
                principal: principal,
                request: request.refused(by: refusal),
                requestBytes: requestBytes,
                events: queue
            )
        }
    }

    /// The next event; nil after the last one.
    ///
    /// One reader at a time. The first one comes when the answer has really begun: until then a failure has no event
    /// before it.
    package func next() async -> ChatEvent? { await queue.next() }

    /// Has all further events taken as they come; ``result()`` says when they have ended.
    ///
    /// Called by the reader, which reads no more.
    package func pass(to taker: ChatEventQueue.Taker) async { await queue.pass(to: taker) }

    /// What is left of the caller's limits; nil before the first event, and where nothing is limited.
    package var rateLimit: RateLimitState? { queue.rateLimit }

    /// What the host itself had taken when the answer began; 0 until its first event.
    package var overheadMicroseconds: Int64 { queue.overheadMicroseconds }

    /// How the request ended, once it has; a stream whose events end without success here was cut.
    package func result() async -> Result<ChatAnswer, Failure> { await request.result() }

    /// Nobody reads any more, because of `loss`: the upstream is cancelled, and the audit says why.
    package func cancel(because loss: Failure = .callCancelled) {
        queue.close(because: loss)
        request.cancel()
    }
}
