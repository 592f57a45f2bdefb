/// How much a key, a user or a team may use; nil means without limit.
package struct UsageLimits: Sendable, Hashable {
    package var requestsPerMinute: Int?
    package var tokensPerMinute: Int?
    package var maxConcurrent: Int?
    package var budget: Budget?

    package init(
        requestsPerMinute: Int? = nil,
        tokensPerMinute: Int? = nil,
        maxConcurrent: Int? = nil,
        budget: Budget? = nil
    ) {
        self.requestsPerMinute = requestsPerMinute
        self.tokensPerMinute = tokensPerMinute
        self.maxConcurrent = maxConcurrent
        self.budget = budget
    }

    package static let none = UsageLimits()

    /// What each number may be; 0 would be a key that is refused in a roundabout way.
    package static let counts = 1...1_000_000_000
}

/// An amount of money for each period.
package struct Budget: Sendable, Hashable {
    package let micros: Int64
    package let period: BudgetPeriod

    package init(micros: Int64, period: BudgetPeriod) {
        self.micros = micros
        self.period = period
    }

    /// A budget such as `25/month`, `0.5/day`, `100/total`.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let micros = USDAmount.parse(parts[0]),
            let period = BudgetPeriod(rawValue: String(parts[1]))
        else { return nil }
        self.init(micros: micros, period: period)
    }

    package var text: String { "\(USDAmount.text(micros))/\(period.rawValue)" }
}
