package import Core

/// A provider entry and the upstream's name of a model that could serve a call.
package struct LimitCandidate: Sendable, Hashable {
    package let provider: String
    package let model: String

    package init(provider: String, model: String) {
        self.provider = provider
        self.model = model
    }
}

/// What is asked of the limits before a call is made.
package struct LimitAsk: Sendable, Hashable {
    package let keyID: String
    package let user: String?
    package let team: String?
    /// All that the route may come to; none for what costs nothing, such as a skill.
    package let candidates: [LimitCandidate]
    package let estimatedInputTokens: Int
    /// As the caller limits it; nil when the caller does not.
    package let maxOutputTokens: Int?
    /// Whether it is made on behalf of a call that has its place among those under way: it takes none of its own, for the
    /// two would wait for one another.
    package let isChild: Bool

    package init(
        keyID: String,
        user: String? = nil,
        team: String? = nil,
        candidates: [LimitCandidate] = [],
        estimatedInputTokens: Int = 0,
        maxOutputTokens: Int? = 0,
        isChild: Bool = false
    ) {
        self.keyID = keyID
        self.user = user
        self.team = team
        self.candidates = candidates
        self.estimatedInputTokens = estimatedInputTokens
        self.maxOutputTokens = maxOutputTokens
        self.isChild = isChild
    }

    package init(
        _ principal: Principal,
        candidates: [LimitCandidate] = [],
        estimatedInputTokens: Int = 0,
        maxOutputTokens: Int? = 0,
        isChild: Bool = false
    ) {
        self.init(
            keyID: principal.keyID,
            user: principal.user,
            team: principal.team,
            candidates: candidates,
            estimatedInputTokens: estimatedInputTokens,
            maxOutputTokens: maxOutputTokens,
            isChild: isChild
        )
    }
}

/// What became of a call.
package struct LimitOutcome: Sendable, Hashable {
    /// Who answered.
    package let candidate: LimitCandidate
    package let usage: TokenUsage

    package init(_ candidate: LimitCandidate, usage: TokenUsage) {
        self.candidate = candidate
        self.usage = usage
    }
}
