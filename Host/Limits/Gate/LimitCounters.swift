import Core
import Storage

/// What one key, user or team has under way and had in the last minute.
///
/// @unchecked Sendable: touched only under the gate's lock.
final class LimitCounters: @unchecked Sendable {
    /// Of a key: that under which its limits are kept.
    let subject: LimitSubject
    var limits: UsageLimits
    var requests: SlidingWindow
    var tokens: SlidingWindow
    var inFlight = 0
    /// Of the present period; nil without a budget, or before the first call.
    var account: BudgetAccount?

    init(_ subject: LimitSubject, _ limits: UsageLimits, now: UInt64) {
        self.subject = subject
        self.limits = limits
        requests = SlidingWindow(now: now)
        tokens = SlidingWindow(now: now)
    }

    func advance(to now: UInt64) {
        requests.advance(to: now)
        tokens.advance(to: now)
    }

    /// Why one request with so many tokens may not be let in now; nil if it may.
    ///
    /// Budgets are judged elsewhere. What takes no tokens is not asked for any, even where too many are gone.
    func refusal(tokens amount: Int, takesPlace: Bool, now: UInt64) -> Failure? {
        if takesPlace, let limit = limits.maxConcurrent, inFlight >= limit {
            return .tooManyConcurrent(subject, limit: limit)
        }
        if let limit = limits.requestsPerMinute, requests.total >= limit {
            return .rateLimited(subject, .requests(limit), wait: requests.wait(for: 1, limit: limit, now: now))
        }
        if amount > 0, let limit = limits.tokensPerMinute, tokens.total > limit - amount {
            let wait = tokens.wait(for: amount, limit: limit, now: now)
            return .rateLimited(subject, .tokens(limit, asked: amount), wait: wait)
        }
        return nil
    }
}
