import Core
import Gateway
import PraximousJSON

/// What a streamed answer is read from, whoever makes it.
struct StreamSource: Sendable {
    /// The next event, none of them terminal; nil after the last one.
    ///
    /// One reader at a time.
    let next: @Sendable () async -> ProcessEvent?
    /// How it ended: `done`, or why not.
    let result: @Sendable () async -> Result<ProcessEvent, Failure>
    /// Nobody reads any more, because of this: what makes the answer is to stop.
    let cancel: @Sendable (Failure) -> Void
    /// What is left of the caller's limits, once the first event is there; nil where nothing is limited.
    let rateLimit: @Sendable () -> RateLimitState?

    init(
        next: @escaping @Sendable () async -> ProcessEvent?,
        result: @escaping @Sendable () async -> Result<ProcessEvent, Failure>,
        cancel: @escaping @Sendable (Failure) -> Void,
        rateLimit: @escaping @Sendable () -> RateLimitState? = { nil }
    ) {
        self.next = next
        self.result = result
        self.cancel = cancel
        self.rateLimit = rateLimit
    }

    init(_ stream: SkillStream, requestID: String) {
        self.init(
            next: { await stream.next().map { ProcessEvent($0) } },
            result: { await stream.result().map { .done($0, requestID: requestID) } },
            cancel: { stream.cancel(because: $0) },
            rateLimit: { stream.rateLimit }
        )
    }

    init(_ stream: ChatStream, requestID: String) {
        let events = ChatEvents(stream)
        self.init(
            next: { await events.next() },
            result: {
                await stream.result().map { .done($0, requestID: requestID, digest: events.digest) }
            },
            cancel: { stream.cancel(because: $0) },
            rateLimit: { stream.rateLimit }
        )
    }

    /// The one last event.
    func end(requestID: String) async -> ProcessEvent {
        switch await result() {
        case .success(let done): done
        case .failure(let failure) where failure.code == "cancelled":
            .cancelled(usage: failure.billedUsage ?? .null)
        case .failure(let failure): .error(failure, requestID: requestID)
        }
    }
}
