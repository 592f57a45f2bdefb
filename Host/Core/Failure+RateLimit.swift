package import PraximousJSON

extension Failure {
    private static let rateLimitName = "rate_limit"

    /// The same with what is left of the limits per minute, for the answer's headers.
    package func showing(_ state: RateLimitState) -> Failure {
        adding(Self.rateLimitName, .object(["requests": Self.json(state.requests), "tokens": Self.json(state.tokens)]))
    }

    /// What is left of the limits per minute; nil where the failure says nothing of it.
    package var rateLimit: RateLimitState? {
        guard let value = details?[Self.rateLimitName] else { return nil }
        return RateLimitState(requests: Self.window(value["requests"]), tokens: Self.window(value["tokens"]))
    }

    /// The same with one more of its ``details``.
    package func adding(_ name: String, _ value: JSON) -> Failure {
        var members = details?.objectValue ?? [:]
        members[name] = value
        return Failure(
            kind,
            code: code,
            message: message,
            hint: hint,
            details: .object(members),
            retryAfterMilliseconds: retryAfterMilliseconds
        )
    }

    private static func json(_ window: RateLimitState.Window?) -> JSON {
        guard let window else { return .null }
        return [
            "limit": .integer(window.limit), "remaining": .integer(window.remaining),
            "reset_ms": .integer(window.resetMilliseconds),
        ]
    }

    private static func window(_ value: JSON?) -> RateLimitState.Window? {
        guard let limit = value?["limit"]?.intValue, let remaining = value?["remaining"]?.intValue,
            let reset = value?["reset_ms"]?.intValue
        else { return nil }
        return RateLimitState.Window(limit: limit, remaining: remaining, resetMilliseconds: reset)
    }
}
