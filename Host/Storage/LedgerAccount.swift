package import Core

/// One budget in one period.
package struct LedgerAccount: Sendable, Hashable {
    package let subject: LimitSubject
    package let period: BudgetPeriod
    /// Microseconds since 1970; 0 for `total`.
    package let start: Int64

    package init(subject: LimitSubject, period: BudgetPeriod, start: Int64) {
        self.subject = subject
        self.period = period
        self.start = start
    }

    /// The account of the period that holds a moment.
    package init(subject: LimitSubject, period: BudgetPeriod, at time: Int64) {
        self.init(subject: subject, period: period, start: period.bounds(at: time).start)
    }
}

/// One run of a host, as the holder of reservations.
package struct LedgerOwner: Sendable, Hashable {
    package let id: String
    /// The kernel's boot, within which ``LedgerAdvance`` counts its nanoseconds.
    package let bootID: String

    package init(id: String, bootID: String) {
        self.id = id
        self.bootID = bootID
    }
}

/// What a host writes about one account at once; amounts in micro-USD.
package struct LedgerAdvance: Sendable, Hashable {
    package let account: LedgerAccount
    package let limit: Int64
    /// Spent since the last advance.
    package let spent: Int64
    /// Promised to calls that are out: stays reserved whatever the limit says now.
    package let promised: Int64
    /// What the host would like to have reserved, the promised part included.
    package let wanted: Int64

    package init(account: LedgerAccount, limit: Int64, spent: Int64, promised: Int64, wanted: Int64) {
        self.account = account
        self.limit = limit
        self.spent = spent
        self.promised = promised
        self.wanted = wanted
    }
}

/// Where an account stands after an advance.
package struct LedgerPosition: Sendable, Hashable {
    /// All that was ever spent in the period.
    package let spent: Int64
    /// What the host has reserved now.
    package let reserved: Int64
}
