package import Core
package import Storage
import Synchronization

/// Lets calls in within the limits of their key, its user and its team, and bills what they used.
///
/// Admission judges requests and tokens per minute, concurrency and budget of all three at once, under one lock: two
/// calls never both see the last place. Of the budget, the most that the call can cost is promised to it; settling
/// bills what it did cost and gives back the rest.
///
/// **Money and crashes.** This process decides from memory. What it may spend without asking again it has reserved in
/// the ledger before (``Ledger``), some calls ahead, so most admissions cost a lock and not a transaction; one that
/// finds too little reserved waits for one. What was settled is written within 10 ms, in one transaction with the
/// reduced reservation, so nothing is billed twice. When the process dies, the last 10 ms of settled calls are not
/// billed, nor are calls that had not ended; what it had reserved counts as taken until its lease ends after 30 s, and
/// is free then. A power cut may take the last second. Several hosts on one file share a budget and never exceed it by
/// more than calls exceed their estimates.
///
/// **Clocks.** Windows and leases go by the time since boot; only the periods of budgets go by the date, and each
/// period has a ledger of its own: a clock that is set back finds spent what was spent.
package final class LimitGate: Sendable {
    private let shared: SharedGateState
    private let keeper: LedgerKeeper
    private let prices: PriceBook
    private let clock: LimitClock
    private let rules: LimitRules

    /// Starts a thread, which ends with ``close()`` or when the gate is no longer held.
    ///
    /// `priceFiles` are watched, if any. `report` hears what the operator should know, such as a file of prices that
    /// cannot be read; the old prices stay.
    package init(
        keys: KeyStore,
        ledger: Ledger,
        prices: PriceBook,
        priceFiles: PriceFiles? = nil,
        clock: LimitClock = .system,
        rules: LimitRules = LimitRules(),
        report: @escaping @Sendable (String) -> Void = { _ in }
    ) throws {
        let source = try LimitSource(keys)
        shared = SharedGateState(try source.read())
        keeper = LedgerKeeper(
            shared: shared,
            ledger: ledger,
            source: source,
            prices: PriceWatch(files: priceFiles, book: prices, report: report),
            clock: clock,
            rules: rules,
            report: report
        )
        self.prices = prices
        self.clock = clock
        self.rules = rules
        keeper.start()
    }

    deinit { keeper.stop() }

    /// Lets a call in, or says why not: `rate_limited`, `too_many_concurrent`, `budget_exceeded` (all of kind
    /// `rateLimit`), `unknown_price` (`denied`), `ledger_unavailable`, `limits_unreadable` (`unavailable`).
    ///
    /// Waits only for the first call of a key and for a budget of which too little is reserved. The lease lives as long
    /// as the call.
    package func admit(_ ask: LimitAsk) async throws(Failure) -> LimitLease {
        // Each round but the first comes after a look into the databases; a crowd may take what one round brought.
        for _ in 0..<16 {
            switch judge(ask) {
            case .admitted(let terms): return lease(ask, terms)
            case .refused(let failure): throw failure
            case .needsLedger: await keeper.wait(forLimitsOf: nil)
            case .needsLimits: await keeper.wait(forLimitsOf: ask.keyID)
            }
        }
        throw keeper.whyUnsettled()
    }

    /// Bills what a call used, and gives back the rest of what it was promised; nil: it used nothing.
    ///
    /// Answers the cost in micro-USD, nil if the price is not known. A second time it does nothing.
    @discardableResult
    package func settle(_ lease: LimitLease, _ outcome: LimitOutcome?) -> Int64? { lease.settle(outcome) }

    /// Returns when everything settled so far is in the ledger and on disk.
    package func flush() async { await keeper.flush() }

    /// Looks at limits, prices and leases now, as happens every second.
    package func refresh() async { await keeper.refresh() }

    /// Writes what is settled, gives back what is reserved, and ends the thread; calls under way settle into nothing.
    package func close() async { await keeper.close() }

    private func judge(_ ask: LimitAsk) -> GateState.Admission {
        let output = bounded(ask.maxOutputTokens ?? rules.assumedOutputTokens)
        let input = bounded(ask.estimatedInputTokens)
        let estimate = prices.estimate(ask, inputTokens: input, outputTokens: output)
        let now = clock.steady()
        return shared.state.withLock { state in
            state.admit(ask, tokens: input + output, estimate: estimate, now: now, wall: clock.wall.now)
        }
    }

    private func lease(_ ask: LimitAsk, _ terms: GateState.Terms) -> LimitLease {
        guard terms.isFreeOnly else { return LimitLease(self, terms, candidates: ask.candidates) }
        return LimitLease(self, terms, candidates: ask.candidates.filter { prices.price(of: $0)?.isFree == true })
    }

    func settle(_ terms: GateState.Terms, _ outcome: LimitOutcome?) -> Int64? {
        var usage = outcome?.usage ?? TokenUsage(inputTokens: 0, outputTokens: 0)
        usage.inputTokens = bounded(usage.inputTokens)
        usage.outputTokens = bounded(usage.outputTokens)
        let cost = outcome.flatMap { prices.price(of: $0.candidate)?.cost(of: usage) }
        let now = clock.steady()
        let hasWork = shared.state.withLock { state in
            state.settle(terms, cost: cost ?? 0, tokens: usage.inputTokens + usage.outputTokens, now: now)
        }
        if hasWork { keeper.flushSoon() }
        return cost
    }

    private func bounded(_ tokens: Int) -> Int { min(max(0, tokens), rules.maxTokensPerCall) }
}

/// The state of a gate, which its thread holds without holding the gate.
final class SharedGateState: Sendable {
    let state: Mutex<GateState>

    init(_ table: LimitTable) { state = Mutex(GateState(table)) }
}
