import Core
import Storage

/// One budget in one period, in memory; amounts in micro-USD.
///
/// @unchecked Sendable: touched only under the gate's lock.
final class BudgetAccount: @unchecked Sendable {
    let ledger: LedgerAccount
    /// When the next period begins; nil: never.
    let end: Int64?
    var limit: Int64

    /// As the ledger has it.
    private(set) var spent: Int64 = 0
    /// Settled, and not yet given to the ledger.
    private(set) var settled: Int64 = 0
    /// Given to the ledger, which has not answered yet.
    private var flying: Int64 = 0
    /// Promised to calls that are out.
    private(set) var promised: Int64 = 0
    /// What the ledger lets this host spend without asking again.
    private(set) var reserved: Int64 = 0
    /// What calls wait for, and the part of it that the ledger is being asked for.
    private var asked: Int64 = 0
    private var asking: Int64 = 0
    private(set) var isLoaded = false
    /// Whether the ledger had less to give than was asked: other hosts have the rest.
    var isShort = false
    var isQueued = false
    /// On the steady clock.
    private(set) var lastUse: UInt64 = 0

    init(_ ledger: LedgerAccount, end: Int64?, limit: Int64) {
        self.ledger = ledger
        self.end = end
        self.limit = limit
    }

    /// All that is gone or may go.
    private var committed: Int64 { Self.sum(Self.sum(spent, settled), Self.sum(flying, promised)) }
    var left: Int64 { max(0, limit - min(limit, committed)) }
    /// Whether nothing would be lost with it.
    var isClosed: Bool { isSettled && promised == 0 && asked == 0 && asking == 0 && reserved == 0 }
    var isReserved: Bool { reserved > 0 || promised > 0 }
    var isSettled: Bool { settled == 0 && flying == 0 }

    enum Verdict {
        case fits
        case exceeded
        /// It is there, but reserved by another host.
        case short
        /// The ledger must be asked first.
        case unknown
    }

    func judge(_ cost: Int64) -> Verdict {
        guard isLoaded else { return .unknown }
        guard cost <= left else { return .exceeded }
        if Self.sum(Self.sum(settled, flying), Self.sum(promised, cost)) <= reserved { return .fits }
        return isShort ? .short : .unknown
    }

    func ask(for cost: Int64) { asked = min(Self.sum(asked, cost), USDAmount.maxMicros) }

    func promise(_ cost: Int64, now: UInt64) {
        promised = Self.sum(promised, cost)
        lastUse = now
    }

    func settle(_ cost: Int64, promised amount: Int64, now: UInt64) {
        promised -= amount
        settled = Self.sum(settled, cost)
        lastUse = now
    }

    /// What is to be written now; one at a time.
    ///
    /// A quarter of what is left, and four times what is asked, is reserved ahead, so that calls seldom wait. What is
    /// reserved already and not spent stays, for calls may be promised it while the ledger writes.
    func advance(now: UInt64, keepFor idle: UInt64) -> LedgerAdvance {
        (flying, settled) = (settled, 0)
        (asking, asked) = (asked, 0)
        let isUnused = promised == 0 && asking == 0 && now - min(now, lastUse) >= idle
        var wanted = Self.sum(promised, asking)
        if isUnused {
            reserved = 0
        } else {
            wanted = max(Self.sum(wanted, max(min(asking, USDAmount.maxMicros) * 4, left / 4)), reserved - flying)
        }
        return LedgerAdvance(account: ledger, limit: limit, spent: flying, promised: promised, wanted: wanted)
    }

    func advanced(_ advance: LedgerAdvance, to position: LedgerPosition) {
        spent = position.spent
        reserved = position.reserved
        flying = 0
        isLoaded = true
        isShort = position.reserved < Self.sum(advance.promised, asking)
        asking = 0
    }

    /// The ledger could not be written; what was settled is given to it again.
    func failed() {
        settled = Self.sum(settled, flying)
        (flying, asking) = (0, 0)
    }

    private static func sum(_ first: Int64, _ second: Int64) -> Int64 {
        let (sum, overflow) = first.addingReportingOverflow(second)
        return overflow ? .max : sum
    }
}
