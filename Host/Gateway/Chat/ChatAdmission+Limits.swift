import Core
package import Limits

extension ChatAdmission {
    /// Lets in what the limits of key, user and team allow, and bills what was used.
    package static func limited(by gate: LimitGate) -> ChatAdmission {
        ChatAdmission { ask throws(Failure) in
            let lease = try await gate.admit(
                LimitAsk(
                    ask.principal,
                    candidates: ask.candidates.map(LimitCandidate.init),
                    estimatedInputTokens: ask.estimatedInputTokens,
                    maxOutputTokens: ask.maxOutputTokens,
                    isChild: ask.isChild
                )
            )
            let allowed = Set(lease.candidates)
            return Lease(
                candidates: ask.candidates.filter { allowed.contains(LimitCandidate($0)) },
                rateLimit: lease.rateLimit
            ) { bill in
                gate.settle(lease, bill.map { LimitOutcome(LimitCandidate($0.candidate), usage: $0.usage) })
            }
        }
    }
}

extension LimitCandidate {
    fileprivate init(_ candidate: RouteCandidate) {
        self.init(provider: candidate.provider, model: candidate.model)
    }
}
