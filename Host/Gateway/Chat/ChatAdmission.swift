package import Core

/// Who is let in, and what an answer costs: the limits' side of the pipeline.
package struct ChatAdmission: Sendable {
    /// What a request may come to before it is known.
    package struct Ask: Sendable {
        package let principal: Principal
        /// What the client calls the model.
        package let model: String
        package let candidates: [RouteCandidate]
        package let estimatedInputTokens: Int
        /// What the client allows at most; nil when it says nothing.
        package let maxOutputTokens: Int?
        /// Whether a plugin asks on behalf of a call that was admitted itself.
        package let isChild: Bool
    }

    /// What is billed: who answered, and what it took.
    package struct Bill: Sendable, Hashable {
        package let candidate: RouteCandidate
        package let usage: TokenUsage

        package init(candidate: RouteCandidate, usage: TokenUsage) {
            self.candidate = candidate
            self.usage = usage
        }
    }

    /// An admitted request.
    package struct Lease: Sendable {
        /// Those that may answer, all or some of those asked for; never empty.
        package let candidates: [RouteCandidate]
        package let rateLimit: RateLimitState?
        /// Called exactly once, on every way out, with nil when nobody answered; returns the cost in millionths of a
        /// US dollar, if it is known.
        package let settle: @Sendable (Bill?) -> Int64?

        package init(
            candidates: [RouteCandidate],
            rateLimit: RateLimitState?,
            settle: @escaping @Sendable (Bill?) -> Int64?
        ) {
            self.candidates = candidates
            self.rateLimit = rateLimit
            self.settle = settle
        }
    }

    package typealias Admit = @Sendable (Ask) async throws(Failure) -> Lease

    package let admit: Admit

    package init(_ admit: @escaping Admit) { self.admit = admit }

    /// Lets everybody in; nothing has a price.
    package static let open = ChatAdmission { ask throws(Failure) in
        Lease(candidates: ask.candidates, rateLimit: nil) { _ in nil }
    }
}
