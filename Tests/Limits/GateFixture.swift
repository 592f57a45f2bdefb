import Core
import Foundation
import Limits
import Storage
import Synchronization
import TestSupport

/// Clocks that a test turns.
final class TurnedClocks: Sendable {
    private let state = Mutex((steady: UInt64(3_600_000_000_000), wall: Int64(1_795_531_500_000_000)))

    var clock: LimitClock {
        LimitClock(
            steady: { self.state.withLock { $0.steady } },
            wall: WallClock { self.state.withLock { $0.wall } }
        )
    }

    /// Both clocks, as time does.
    func pass(_ seconds: Double) {
        state.withLock { state in
            state.steady += UInt64(seconds * 1e9)
            state.wall += Int64(seconds * 1e6)
        }
    }

    /// The date alone, as an operator or NTP does.
    func setDate(by seconds: Int64) {
        state.withLock { $0.wall += seconds * 1_000_000 }
    }
}

/// A gate over real databases, with a model `m` at 1 USD per million tokens, a free one, and one without a price.
struct GateFixture {
    static let paid = LimitCandidate(provider: "p", model: "m")
    static let free = LimitCandidate(provider: "local_llm", model: "llama")
    static let unknown = LimitCandidate(provider: "p", model: "new")

    let folder: TemporaryFolder
    let keys: KeyStore
    let ledger: Ledger
    let prices: PriceBook
    let clocks = TurnedClocks()
    let gate: LimitGate

    /// The limits are those of the key `k`.
    init(_ limits: UsageLimits = .none, others: [LimitSubject: UsageLimits] = [:], prices yaml: String = "") throws {
        folder = try TemporaryFolder()
        let root = InstallationRoot(folder.path)
        keys = try KeyStore(path: root.database)
        ledger = try Ledger(path: root.ledgerDatabase)
        try keys.setLimits(limits, for: LimitSubject(.key, "k"))
        for (subject, limits) in others { try keys.setLimits(limits, for: subject) }
        prices = PriceBook(try Self.table(yaml))
        gate = try LimitGate(keys: keys, ledger: ledger, prices: prices, clock: clocks.clock)
    }

    /// Another host over the same files.
    func secondGate(_ clocks: TurnedClocks? = nil) throws -> LimitGate {
        let root = InstallationRoot(folder.path)
        return try LimitGate(
            keys: KeyStore(path: root.database),
            ledger: Ledger(path: root.ledgerDatabase),
            prices: prices,
            clock: (clocks ?? self.clocks).clock
        )
    }

    static func table(_ yaml: String) throws -> PriceTable {
        let text = """
            \(yaml)
            prices:
              - { model: m, input: 1, output: 1 }
              - { model: "llama*", provider: local_llm, free: true }
            """
        return try PriceTable(yaml: Array(text.utf8), source: "prices.yaml")
    }

    /// A call of so many tokens in and out, which at 1 USD per million are as many micro-USD.
    static func ask(
        _ input: Int = 60,
        _ output: Int = 40,
        key: String = "k",
        user: String? = nil,
        team: String? = nil,
        candidates: [LimitCandidate] = [paid]
    ) -> LimitAsk {
        LimitAsk(
            keyID: key,
            user: user,
            team: team,
            candidates: candidates,
            estimatedInputTokens: input,
            maxOutputTokens: output
        )
    }

    static func outcome(_ input: Int = 60, _ output: Int = 40, of candidate: LimitCandidate = paid) -> LimitOutcome {
        LimitOutcome(candidate, usage: TokenUsage(inputTokens: input, outputTokens: output))
    }

    /// The code of the failure with which the gate refuses a call; nil when it lets it in.
    func refusal(_ ask: LimitAsk = ask()) async -> Failure? {
        do throws(Failure) {
            gate.settle(try await gate.admit(ask), nil)
            return nil
        } catch {
            return error
        }
    }

    /// Of the key's account of the present month, as the ledger has it.
    func spent(_ subject: LimitSubject = LimitSubject(.key, "k"), _ period: BudgetPeriod = .month) throws -> Int64 {
        try ledger.spent(of: LedgerAccount(subject: subject, period: period, at: clocks.clock.wall.now()))
    }
}

extension UsageLimits {
    static func month(_ micros: Int64) -> UsageLimits {
        UsageLimits(budget: Budget(micros: micros, period: .month))
    }
}
