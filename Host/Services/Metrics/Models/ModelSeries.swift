import Core

/// What is counted together: the requests with the same labels.
struct ModelLabels: Hashable, Sendable {
    var operation: ModelCall.Operation
    /// The plugin's short name; empty where nobody answered.
    var provider: String
    var requestModel: String
    var responseModel: String
    /// The class of the failure; nil for a success.
    var error: Failure.Kind?

    static let names = [
        "gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model", "gen_ai_response_model", "error_type",
    ]

    init(_ call: ModelCall) {
        operation = call.operation
        let last = call.answer ?? call.attempts.last
        provider = last?.type ?? ""
        requestModel = call.isRequestModelKnown ? call.requestModel : Self.other
        responseModel = call.answer.map { call.isResponseModelKnown ? $0.model : Self.other } ?? ""
        error = call.failure?.kind
    }

    /// Under which everything is counted once there are too many.
    init(overflowing operation: ModelCall.Operation) {
        self.operation = operation
        provider = Self.other
        requestModel = Self.other
        responseModel = Self.other
    }

    static let other = "other"

    var values: [String] { [operation.name, provider, requestModel, responseModel, error?.rawValue ?? ""] }
}

/// The counts for one set of labels.
struct ModelSeries: Sendable {
    private(set) var duration = Histogram(ModelBounds.requestSeconds)
    private(set) var firstToken = Histogram(ModelBounds.firstTokenSeconds)
    private(set) var perToken = Histogram(ModelBounds.perTokenSeconds)
    private(set) var input = Histogram(ModelBounds.tokens)
    private(set) var output = Histogram(ModelBounds.tokens)

    mutating func add(_ call: ModelCall) {
        duration.observe(Self.seconds(call.startedAt, call.endedAt))
        if let usage = call.usage {
            input.observe(Double(usage.inputTokens))
            output.observe(Double(usage.outputTokens))
        }
        guard let first = call.firstTokenAt, call.failure == nil else { return }
        firstToken.observe(Self.seconds(call.startedAt, first))
        // The first token is counted apart.
        guard let tokens = call.usage?.outputTokens, tokens > 1 else { return }
        perToken.observe(Self.seconds(first, call.endedAt) / Double(tokens - 1))
    }

    private static func seconds(_ start: UInt64, _ end: UInt64) -> Double {
        end > start ? Double(end - start) / 1e9 : 0
    }
}
