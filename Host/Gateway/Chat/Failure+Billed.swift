package import Core
package import PraximousJSON

extension Failure {
    private static let usageName = "usage"

    /// The same with what was billed although the answer did not become whole.
    func billed(_ usage: TokenUsage, costMicros: Int64?) -> Failure {
        var members: JSONObject = usage.members
        members["cost"] = costMicros.map { .double(Double($0) / 1_000_000) }
        return adding(Self.usageName, .object(members))
    }

    /// What was billed: `input_tokens`, `output_tokens`, `cached_input_tokens`, `estimated` and, where it is known,
    /// `cost` in US dollars; nil when nothing was.
    package var billedUsage: JSON? { details?[Self.usageName] }
}

extension TokenUsage {
    /// In the words of the streaming protocol.
    package var members: JSONObject {
        [
            "input_tokens": .integer(inputTokens), "output_tokens": .integer(outputTokens),
            "cached_input_tokens": .integer(cachedInputTokens), "estimated": .bool(isEstimated),
        ]
    }
}
