/// What is left of the limits per minute, after a request was counted.
package struct RateLimitState: Sendable, Hashable {
    package struct Window: Sendable, Hashable {
        package let limit: Int
        package let remaining: Int
        /// Until nothing of what was counted so far counts any more.
        package let resetMilliseconds: Int

        package init(limit: Int, remaining: Int, resetMilliseconds: Int) {
            self.limit = limit
            self.remaining = remaining
            self.resetMilliseconds = resetMilliseconds
        }
    }

    /// Of the key, user or team that has the fewest requests left; nil where none is limited.
    package var requests: Window?
    package var tokens: Window?

    package init(requests: Window? = nil, tokens: Window? = nil) {
        self.requests = requests
        self.tokens = tokens
    }

    /// The names and values of the response headers, as OpenAI sends them.
    package var headers: [(name: String, value: String)] {
        Self.headers("requests", requests) + Self.headers("tokens", tokens)
    }

    private static func headers(_ what: String, _ window: Window?) -> [(name: String, value: String)] {
        guard let window else { return [] }
        return [
            ("x-ratelimit-limit-\(what)", "\(window.limit)"),
            ("x-ratelimit-remaining-\(what)", "\(window.remaining)"),
            ("x-ratelimit-reset-\(what)", duration(window.resetMilliseconds)),
        ]
    }

    /// `850ms`, `12s`, `12.250s`.
    private static func duration(_ milliseconds: Int) -> String {
        if milliseconds < 1000 { return "\(milliseconds)ms" }
        let rest = milliseconds % 1000
        return rest == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds / 1000).\(String(1000 + rest).dropFirst())s"
    }
}
