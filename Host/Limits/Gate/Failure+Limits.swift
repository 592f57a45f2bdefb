import Core
import Foundation
import PraximousJSON

/// What a minute is limited in.
enum MinuteLimit {
    case requests(Int)
    case tokens(Int, asked: Int)
}

extension Failure {
    static func rateLimited(_ subject: LimitSubject, _ limit: MinuteLimit, wait: UInt64?) -> Failure {
        let (number, what) =
            switch limit {
            case .requests(let number): (number, "requests")
            case .tokens(let number, _): (number, "tokens")
            }
        var hint = "Wait, or send fewer \(what)."
        if wait == nil, case .tokens(_, let asked) = limit {
            hint = "This request alone may take \(asked) tokens; lower max_tokens or shorten it."
        }
        return Failure(
            .rateLimit,
            code: "rate_limited",
            message: "\(subject.words) may use \(number) \(what) per minute, and has.",
            hint: hint,
            details: ["limit": .string("\(what)_per_minute"), "scope": .string(subject.kind.rawValue)],
            retryAfterMilliseconds: wait.map { Int(clamping: $0 / 1_000_000 + 1) }
        )
    }

    static func tooManyConcurrent(_ subject: LimitSubject, limit: Int) -> Failure {
        Failure(
            .rateLimit,
            code: "too_many_concurrent",
            message: "\(subject.words) may have \(limit) requests under way at once, and has.",
            hint: "Wait until one of them has ended.",
            details: ["limit": "max_concurrent", "scope": .string(subject.kind.rawValue)],
            retryAfterMilliseconds: 1000
        )
    }

    /// `left` is what is neither spent nor promised, and `end` when the next period begins.
    static func budgetExceeded(
        _ subject: LimitSubject,
        _ budget: Budget,
        left: Int64,
        cost: Int64,
        end: Int64?,
        now: Int64
    ) -> Failure {
        let words = left > 0 ? "has \(USDAmount.text(left)) USD left of" : "has spent"
        let until = end.map { "A new period begins at \(isoTime($0))" } ?? "This budget is for good"
        let advice = left > 0 ? "lower max_tokens, or " : ""
        return Failure(
            .rateLimit,
            code: "budget_exceeded",
            message: "\(subject.words) \(words) its budget of \(budget.text); "
                + "this request may cost \(USDAmount.text(cost)) USD.",
            hint: "\(until); \(advice)ask the operator to raise the budget.",
            details: ["limit": "budget", "scope": .string(subject.kind.rawValue)],
            retryAfterMilliseconds: end.map { Int(clamping: max(1, ($0 - now) / 1000)) }
        )
    }

    /// The rest of a budget is reserved by another host, or by one that has died a moment ago.
    static func budgetReserved(_ subject: LimitSubject, _ budget: Budget) -> Failure {
        Failure(
            .rateLimit,
            code: "budget_exceeded",
            message: "What \(subject.words) has left of its budget of \(budget.text) is reserved by another host.",
            hint: "Try again in some seconds.",
            details: ["limit": "budget", "scope": .string(subject.kind.rawValue)],
            retryAfterMilliseconds: 5000
        )
    }

    static func unknownPrice(_ candidate: LimitCandidate) -> Failure {
        Failure(
            .denied,
            code: "unknown_price",
            message: "The price of the model \(candidate.model.quotedForMessage()) is not known, "
                + "so it cannot be counted against a budget.",
            hint: "Add the model to config/prices.yaml, with free: true if it costs nothing.",
            details: ["provider": .string(candidate.provider), "model": .string(candidate.model)]
        )
    }

    static func ledgerUnavailable(_ reason: String) -> Failure {
        Failure(
            .unavailable,
            code: "ledger_unavailable",
            message: "What was spent could not be checked.",
            hint: "Check the installation's data folder and disk: \(reason)."
        )
    }

    private static func isoTime(_ micros: Int64) -> String {
        Date(timeIntervalSince1970: Double(micros / 1_000_000)).formatted(.iso8601)
    }
}

extension LimitSubject {
    fileprivate var words: String {
        switch kind {
        case .key: "This key"
        case .user: "The user \(id)"
        case .team: "The team \(id)"
        }
    }
}
