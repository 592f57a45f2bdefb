package import Core
package import PraximousJSON

/// What the pipeline reads in the result of a `chat` call: a whole `chat.completion`, or the end of a stream.
struct ChatResult: Sendable {
    let usage: TokenUsage?
    let finishReason: String?
    let vendorRequestID: String?
    /// The bytes of the answer's text, for an estimate; none for the end of a stream.
    let outputBytes: Int

    init(_ bytes: [UInt8]) {
        let value = (try? JSON.parse(bytes)) ?? .null
        let choices = value["choices"]?.arrayValue ?? []
        usage = value["usage"].flatMap(TokenUsage.init(openAI:))
        finishReason = value["finish_reason"]?.stringValue ?? choices.first?["finish_reason"]?.stringValue
        vendorRequestID = value["x_request_id"]?.stringValue
        outputBytes = choices.reduce(0) { $0 + ($1["message"]?.textBytes ?? 0) }
    }
}

extension TokenUsage {
    /// Reads `usage` as OpenAI writes it; nil unless both counts are there and make sense.
    package init?(openAI usage: JSON) {
        guard let input = usage["prompt_tokens"]?.intValue, input >= 0 else { return nil }
        let output = usage["completion_tokens"]?.intValue ?? 0
        guard output >= 0 else { return nil }
        let cached = usage["prompt_tokens_details"]?["cached_tokens"]?.intValue ?? 0
        self.init(
            inputTokens: input,
            outputTokens: output,
            cachedInputTokens: min(max(0, cached), input),
            isEstimated: usage["estimated"]?.boolValue ?? false
        )
    }
}
