package import Core
package import PraximousJSON

extension TokenUsage {
    /// Reads `usage` as OpenAI writes it.
    ///
    /// Nil unless the prompt's count is there and all counts are such as a request can have: where one is nonsense, none
    /// is believed.
    package init?(openAI usage: JSON) {
        func count(_ value: JSON?) -> Int? { value.flatMap { $0 == .null ? 0 : Self.credibleCount($0) } }
        guard let input = usage["prompt_tokens"].flatMap(Self.credibleCount),
            let output = count(usage["completion_tokens"] ?? 0), count(usage["total_tokens"] ?? 0) != nil,
            let cached = count(usage["prompt_tokens_details"]?["cached_tokens"] ?? 0)
        else { return nil }
        self.init(
            inputTokens: input,
            outputTokens: output,
            cachedInputTokens: min(cached, input),
            isEstimated: usage["estimated"]?.boolValue ?? false
        )
    }

    /// As OpenAI writes it, with `estimated` where the host has counted.
    package var openAI: JSON {
        var counts: JSONObject = [
            "prompt_tokens": .integer(inputTokens), "completion_tokens": .integer(outputTokens),
            "total_tokens": .integer(totalTokens),
        ]
        if cachedInputTokens > 0 { counts["prompt_tokens_details"] = ["cached_tokens": .integer(cachedInputTokens)] }
        if isEstimated { counts["estimated"] = true }
        return .object(counts)
    }
}
