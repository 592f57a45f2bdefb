package import Core

/// The limits of an installation, as its database had them at one moment.
package struct LimitTable: Sendable, Hashable {
    package let limits: [LimitSubject: UsageLimits]
    /// Of keys that came from a rotation: the first key of the chain.
    let origins: [String: String]

    package init(limits: [LimitSubject: UsageLimits] = [:], origins: [String: String] = [:]) {
        self.limits = limits
        self.origins = origins
    }

    /// Under what name a key's limits and spending are kept.
    ///
    /// A rotated key has those of the first key of its chain: a rotation renews no budget, and while two keys are good
    /// they share what is allowed.
    package func account(ofKey id: String) -> LimitSubject { LimitSubject(.key, origins[id] ?? id) }
}

/// What may be changed of a key.
package struct KeyAssignment: Sendable, Hashable {
    package var limits: UsageLimits
    package var user: String?
    package var team: String?
}
