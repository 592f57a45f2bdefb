package import Core
import Synchronization

/// A place that a call has within the limits, until it is settled.
///
/// A lease that nobody holds any more is settled as if nothing had been used, so no way out of a call leaks it.
package final class LimitLease: Sendable {
    /// Those of the candidates that may serve: all, or only the free ones when a budget is spent.
    package let candidates: [LimitCandidate]
    /// What was left after this call was counted; nil where no limit per minute applies.
    package let rateLimit: RateLimitState?

    private let gate: LimitGate
    private let terms: GateState.Terms
    private let isSettled = Atomic(false)

    init(_ gate: LimitGate, _ terms: GateState.Terms, candidates: [LimitCandidate]) {
        self.gate = gate
        self.terms = terms
        self.candidates = candidates
        rateLimit = terms.state == RateLimitState() ? nil : terms.state
    }

    deinit { _ = settle(nil) }

    /// Does it once, whoever asks first; answers the cost in micro-USD, nil if it is not known.
    func settle(_ outcome: LimitOutcome?) -> Int64? {
        guard !isSettled.exchange(true, ordering: .acquiringAndReleasing) else { return nil }
        return gate.settle(terms, outcome)
    }
}
