package import Core

/// What happens while an answer is streamed.
package enum ChatEvent: Sendable, Hashable {
    /// The chunks that follow are this provider's; first of all events, and again after a failover.
    ///
    /// `attempt` counts from 1; `reason` is the code of the failure that led here, nil at the first.
    case routed(provider: String, model: String, attempt: Int, reason: String?)
    /// One `chat.completion.chunk` object.
    case chunk([UInt8])
    /// The answer starts anew: what came before is void.
    ///
    /// Only for requests that allow it.
    case reset
}

/// A finished answer, and what it took.
package struct ChatAnswer: Sendable {
    /// The `chat.completion` object; of a stream, what the provider said at its end: `id`, `model`, `finish_reason`,
    /// `usage`.
    package var completion: [UInt8]
    /// The provider entry that answered.
    package var provider: String
    /// The upstream's name for the model that answered.
    package var model: String
    package var usage: TokenUsage?
    package var finishReason: String?
    /// How many times providers were asked.
    package var attempts: Int
    /// In millionths of a US dollar; nil when nothing is known of the price.
    package var costMicros: Int64?
    /// The upstream's own id of the request.
    package var vendorRequestID: String?
    package var latencyMicroseconds: Int64
    /// The part of the latency in which nobody waited for a provider or for the reader.
    package var overheadMicroseconds: Int64
    package var rateLimit: RateLimitState?

    package init(
        completion: [UInt8],
        provider: String,
        model: String,
        usage: TokenUsage? = nil,
        finishReason: String? = nil,
        attempts: Int = 1,
        costMicros: Int64? = nil,
        vendorRequestID: String? = nil,
        latencyMicroseconds: Int64 = 0,
        overheadMicroseconds: Int64 = 0,
        rateLimit: RateLimitState? = nil
    ) {
        self.completion = completion
        self.provider = provider
        self.model = model
        self.usage = usage
        self.finishReason = finishReason
        self.attempts = attempts
        self.costMicros = costMicros
        self.vendorRequestID = vendorRequestID
        self.latencyMicroseconds = latencyMicroseconds
        self.overheadMicroseconds = overheadMicroseconds
        self.rateLimit = rateLimit
    }
}
