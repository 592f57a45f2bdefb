import Core
import Storage

/// Everything that decides whether a call is let in, changed by one caller at a time.
///
/// No clock, no disk: the times come in, and what the ledger must be asked goes out.
struct GateState {
    private var table: LimitTable
    private var counters: [LimitSubject: LimitCounters] = [:]
    /// Those of all periods that are not settled yet, and of the present ones.
    private var accounts: [LedgerAccount: BudgetAccount] = [:]
    /// Those about which the ledger is to be told or asked.
    private var queue: [BudgetAccount] = []
    /// Keys that were there when the limits were read; a new key's limits are read before its first call.
    private var knownKeys: Set<String> = []
    var ledgerProblem: String?

    init(_ table: LimitTable) { self.table = table }

    enum Admission {
        case admitted(Terms)
        case refused(Failure)
        /// Come back when the ledger has been asked.
        case needsLedger
        /// Come back when the limits have been read.
        case needsLimits
    }

    /// What a call was let in with.
    struct Terms: Sendable {
        fileprivate(set) var counters: [LimitCounters] = []
        /// Of each of `counters` in the same order, where it has a budget.
        fileprivate(set) var accounts: [BudgetAccount?] = []
        fileprivate(set) var promised: Int64 = 0
        fileprivate(set) var tokens = 0
        fileprivate(set) var tick: UInt64 = 0
        /// Whether it counts among the calls under way.
        fileprivate(set) var hasPlace = true
        /// Whether a budget is spent, so that only what is free may serve.
        fileprivate(set) var isFreeOnly = false
        fileprivate(set) var state = RateLimitState()
    }

    /// Judges all limits of the key, its user and its team, and counts the call against all or none of them.
    mutating func admit(
        _ ask: LimitAsk,
        tokens: Int,
        estimate: PriceEstimate,
        now: UInt64,
        wall: () -> Int64
    ) -> Admission {
        guard knownKeys.contains(ask.keyID) else { return .needsLimits }
        var terms = Terms()
        terms.tokens = tokens
        terms.hasPlace = !ask.isChild
        for subject in [
            table.account(ofKey: ask.keyID), ask.user.map { LimitSubject(.user, $0) },
            ask.team.map { LimitSubject(.team, $0) },
        ] {
            guard let subject, let counters = counters(of: subject, now: now) else { continue }
            counters.advance(to: now)
            if let refusal = counters.refusal(tokens: tokens, takesPlace: terms.hasPlace, now: now) {
                var state = RateLimitState()
                for counters in terms.counters + [counters] { state.note(counters, now: now) }
                return .refused(refusal.showing(state))
            }
            terms.counters.append(counters)
        }
        if let answer = judgeMoney(&terms, estimate, wall: wall) { return answer }
        count(&terms, now: now)
        return .admitted(terms)
    }

    private mutating func counters(of subject: LimitSubject, now: UInt64) -> LimitCounters? {
        if let known = counters[subject] { return known }
        guard let limits = table.limits[subject] else { return nil }
        let made = LimitCounters(subject, limits, now: now)
        counters[subject] = made
        return made
    }

    /// Answers what stands against the call; nil: nothing, and `terms` says what it was promised.
    private mutating func judgeMoney(
        _ terms: inout Terms,
        _ estimate: PriceEstimate,
        wall: () -> Int64
    ) -> Admission? {
        let hasBudget = terms.counters.contains { $0.limits.budget != nil }
        if let unknown = estimate.unknown,
            hasBudget ? estimate.deniesUnknownWithBudget : estimate.deniesUnknown
        {
            return .refused(.unknownPrice(unknown))
        }
        guard hasBudget else { return nil }
        let time = wall()
        for counters in terms.counters { terms.accounts.append(account(of: counters, at: time)) }
        // What costs nothing needs no budget, not even one that can be read.
        guard estimate.micros > 0 else { return nil }
        for (counters, account) in zip(terms.counters, terms.accounts) {
            guard let account, let budget = counters.limits.budget else { continue }
            switch account.judge(estimate.micros) {
            case .fits: continue
            case .unknown:
                guard let ledgerProblem else { return askLedger(terms, for: estimate.micros) }
                return estimate.hasFree ? freeOnly(&terms) : .refused(.ledgerUnavailable(ledgerProblem))
            case .exceeded, .short:
                if estimate.hasFree { return freeOnly(&terms) }
                return .refused(refusal(counters.subject, budget, account, cost: estimate.micros, at: time))
            }
        }
        terms.promised = estimate.micros
        return nil
    }

    private mutating func askLedger(_ terms: Terms, for cost: Int64) -> Admission {
        for account in terms.accounts {
            guard let account else { continue }
            account.ask(for: cost)
            enqueue(account)
        }
        return .needsLedger
    }

    private func refusal(
        _ subject: LimitSubject,
        _ budget: Budget,
        _ account: BudgetAccount,
        cost: Int64,
        at time: Int64
    ) -> Failure {
        guard account.left < cost else { return .budgetReserved(subject, budget) }
        return .budgetExceeded(subject, budget, left: account.left, cost: cost, end: account.end, now: time)
    }

    private func freeOnly(_ terms: inout Terms) -> Admission? {
        terms.isFreeOnly = true
        return nil
    }

    private mutating func account(of counters: LimitCounters, at time: Int64) -> BudgetAccount? {
        guard let budget = counters.limits.budget else { return nil }
        if let account = counters.account, account.ledger.period == budget.period,
            account.ledger.start <= time, account.end.map({ time < $0 }) ?? true
        {
            account.limit = budget.micros
            return account
        }
        let bounds = budget.period.bounds(at: time)
        let ledger = LedgerAccount(subject: counters.subject, period: budget.period, start: bounds.start)
        let account = accounts[ledger] ?? BudgetAccount(ledger, end: bounds.end, limit: budget.micros)
        account.limit = budget.micros
        accounts[ledger] = account
        counters.account = account
        return account
    }

    private mutating func enqueue(_ account: BudgetAccount) {
        guard !account.isQueued else { return }
        account.isQueued = true
        queue.append(account)
    }
}

extension GateState {
    private func count(_ terms: inout Terms, now: UInt64) {
        terms.tick = now / SlidingWindow.bucketNanoseconds
        for counters in terms.counters {
            if terms.hasPlace { counters.inFlight += 1 }
            counters.requests.count(1)
            counters.tokens.count(terms.tokens)
            terms.state.note(counters, now: now)
        }
        guard terms.promised > 0 else { return }
        for account in terms.accounts { account?.promise(terms.promised, now: now) }
    }

    /// Gives back what the call was promised and did not use; answers whether the ledger has something to write.
    mutating func settle(_ terms: Terms, cost: Int64, tokens: Int, now: UInt64) -> Bool {
        for counters in terms.counters {
            if terms.hasPlace { counters.inFlight -= 1 }
            counters.tokens.advance(to: now)
            counters.tokens.adjust(by: tokens - terms.tokens, at: terms.tick)
        }
        let wasEmpty = queue.isEmpty
        for account in terms.accounts {
            guard let account else { continue }
            account.settle(cost, promised: terms.promised, now: now)
            if cost > 0 { enqueue(account) }
        }
        return wasEmpty && !queue.isEmpty
    }
}

extension GateState {
    /// Limits as they were read; counted before stays counted.
    mutating func replace(_ table: LimitTable) {
        self.table = table
        for (subject, counters) in counters { counters.limits = table.limits[subject] ?? .none }
    }

    /// The limits that are in force were read when this key was there already.
    mutating func know(_ keys: [String]) { knownKeys.formUnion(keys) }

    /// What the ledger is to be told and asked now.
    mutating func takeAdvances(now: UInt64, keepFor idle: UInt64) -> [(account: BudgetAccount, advance: LedgerAdvance)]
    {
        defer { queue = [] }
        return queue.map { account in
            account.isQueued = false
            return (account, account.advance(now: now, keepFor: idle))
        }
    }

    /// Enqueues the accounts that must be written or read again, and forgets those of past periods.
    ///
    /// `rereads`: another process has changed the ledger. `extends`: the leases are to be renewed.
    mutating func renewAll(rereads: Bool, extends: Bool) {
        let present = Set(counters.values.compactMap { $0.account.map(ObjectIdentifier.init) })
        for (ledger, account) in accounts {
            // Others may have given back what was short.
            account.isShort = false
            if account.isClosed, !present.contains(ObjectIdentifier(account)) {
                accounts[ledger] = nil
            } else if !account.isSettled || (rereads && account.isLoaded) || (extends && account.isReserved) {
                enqueue(account)
            }
        }
    }
}

extension RateLimitState {
    /// Takes in one subject's windows, where fewer are left than in those seen before.
    fileprivate mutating func note(_ counters: LimitCounters, now: UInt64) {
        if let limit = counters.limits.requestsPerMinute {
            requests = Self.tighter(requests, counters.requests, limit, now)
        }
        if let limit = counters.limits.tokensPerMinute {
            tokens = Self.tighter(tokens, counters.tokens, limit, now)
        }
    }

    private static func tighter(_ known: Window?, _ window: SlidingWindow, _ limit: Int, _ now: UInt64) -> Window {
        let remaining = max(0, limit - window.total)
        if let known, known.remaining <= remaining { return known }
        let reset = Int(clamping: (window.reset(now: now) + 999_999) / 1_000_000)
        return Window(limit: limit, remaining: remaining, resetMilliseconds: reset)
    }
}
