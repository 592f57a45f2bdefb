/// How many tokens one call took.
package struct TokenUsage: Sendable, Hashable {
    /// Those of the prompt, the cached ones among them.
    package var inputTokens: Int
    package var outputTokens: Int
    /// The part of `inputTokens` that the vendor had cached.
    package var cachedInputTokens: Int
    /// Whether the host counted, because the vendor did not tell.
    package var isEstimated: Bool

    package init(inputTokens: Int, outputTokens: Int, cachedInputTokens: Int = 0, isEstimated: Bool = false) {
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.cachedInputTokens = cachedInputTokens
        self.isEstimated = isEstimated
    }
}
