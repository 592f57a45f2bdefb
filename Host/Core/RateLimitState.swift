/// How much a caller may still ask for, at the moment its request was admitted.
package struct RateLimitState: Sendable, Hashable {
    package struct Window: Sendable, Hashable {
        package var limit: Int
        package var remaining: Int
        package var resetMilliseconds: Int

        package init(limit: Int, remaining: Int, resetMilliseconds: Int) {
            self.limit = limit
            self.remaining = remaining
            self.resetMilliseconds = resetMilliseconds
        }
    }

    /// Nil where there is no limit.
    package var requests: Window?
    package var tokens: Window?

    package init(requests: Window? = nil, tokens: Window? = nil) {
        self.requests = requests
        self.tokens = tokens
    }
}
