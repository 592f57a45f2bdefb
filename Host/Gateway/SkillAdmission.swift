package import Core
package import Limits

/// Who may call a skill now: the limits' side of calls that cost nothing.
package struct SkillAdmission: Sendable {
    /// A place that a call has, from its admission to its end.
    package struct Place: Sendable {
        package let rateLimit: RateLimitState?
        /// Called once, when the call has ended.
        package let leave: @Sendable () -> Void
    }

    package typealias Admit = @Sendable (Principal) async throws(Failure) -> Place

    package let admit: Admit

    package init(_ admit: @escaping Admit) { self.admit = admit }

    /// Lets everybody in.
    package static let open = SkillAdmission { _ in Place(rateLimit: nil) {} }

    /// Counts calls as requests per minute and at once of key, user and team; tokens and budgets do not concern them.
    package static func limited(by gate: LimitGate) -> SkillAdmission {
        SkillAdmission { principal throws(Failure) in
            let lease = try await gate.admit(LimitAsk(principal))
            return Place(rateLimit: lease.rateLimit) { gate.settle(lease, nil) }
        }
    }
}
