/// One finished request of a model, as metrics and traces tell of it; no prompt, no answer, no key.
package struct ModelCall: Sendable {
    package enum Operation: Sendable, Hashable {
        case chat, embeddings

        /// As `gen_ai.operation.name` has it.
        package var name: String { self == .chat ? "chat" : "embeddings" }
    }

    /// One time that a provider was asked.
    package struct Attempt: Sendable {
        /// The entry.
        package let provider: String
        /// The plugin's short name, such as `openai`.
        package let type: String
        /// The upstream's name for the model.
        package let model: String
        /// Nanoseconds of CLOCK_MONOTONIC.
        package let startedAt: UInt64
        package let endedAt: UInt64
        package let failure: Failure?

        package init(
            provider: String,
            type: String,
            model: String,
            startedAt: UInt64,
            endedAt: UInt64,
            failure: Failure?
        ) {
            self.provider = provider
            self.type = type
            self.model = model
            self.startedAt = startedAt
            self.endedAt = endedAt
            self.failure = failure
        }
    }

    package let requestID: String
    package let operation: Operation
    package let isStreaming: Bool
    package let trace: RequestTrace
    /// Microseconds since 1970.
    package let receivedAt: Int64
    /// Nanoseconds of CLOCK_MONOTONIC; `endedAt` and `firstTokenAt` likewise.
    package let startedAt: UInt64
    package var endedAt: UInt64
    /// When the first content went out; streams alone.
    package var firstTokenAt: UInt64?
    /// How long the request waited for others than the host.
    package var waitedNanoseconds: UInt64 = 0
    /// As the client asked.
    package var requestModel = ""
    /// Whether `requestModel` and the model that answered stand in the configuration: others could be any number.
    package var isRequestModelKnown = false
    package var isResponseModelKnown = false
    package var attempts: [Attempt] = []
    /// The attempt that answered; nil when none did.
    package var answer: Attempt?
    package var usage: TokenUsage?
    package var costMicros: Int64?
    package var finishReason: String?
    package var failure: Failure?
    /// Whether a limit or a budget refused it before any provider was asked.
    package var isRefusedByLimit = false

    package init(
        requestID: String,
        operation: Operation,
        isStreaming: Bool,
        trace: RequestTrace,
        receivedAt: Int64,
        startedAt: UInt64
    ) {
        self.requestID = requestID
        self.operation = operation
        self.isStreaming = isStreaming
        self.trace = trace
        self.receivedAt = receivedAt
        self.startedAt = startedAt
        endedAt = startedAt
    }

    package var overheadNanoseconds: UInt64 {
        let total = endedAt &- startedAt
        return total > waitedNanoseconds ? total - waitedNanoseconds : 0
    }
}
