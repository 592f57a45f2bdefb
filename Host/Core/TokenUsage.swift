package import PraximousJSON

/// The tokens of one answer.
package struct TokenUsage: Sendable, Hashable {
    package var inputTokens: Int
    package var outputTokens: Int
    /// The part of the input that the provider had kept from before, and charges less for.
    package var cachedInputTokens: Int
    /// Whether the host counted because the provider did not say.
    package var isEstimated: Bool

    package init(inputTokens: Int, outputTokens: Int, cachedInputTokens: Int = 0, isEstimated: Bool = false) {
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.cachedInputTokens = cachedInputTokens
        self.isEstimated = isEstimated
    }

    /// No request takes more: the longest context there is has this many.
    package static let maxCredibleTokens = 10_000_000

    /// A count of tokens that some request can have; nil for any other value, such as a text, a fraction or less than 0.
    package static func credibleCount(_ value: JSON) -> Int? {
        value.intValue.flatMap { 0...maxCredibleTokens ~= $0 ? $0 : nil }
    }

    /// As the host's own dialect writes it.
    package var json: JSON {
        [
            "input_tokens": .integer(inputTokens), "output_tokens": .integer(outputTokens),
            "cached_input_tokens": .integer(cachedInputTokens), "total_tokens": .integer(totalTokens),
            "estimated": .bool(isEstimated),
        ]
    }

    /// Both together, or the largest number there is.
    package var totalTokens: Int {
        let (sum, overflow) = inputTokens.addingReportingOverflow(outputTokens)
        return overflow ? .max : sum
    }
}
