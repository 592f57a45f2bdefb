import Core
import Glibc
import Limits
import Storage

/// Prints what letting one call in and settling it costs, the best of several rounds: without limits, with limits per
/// minute, with budgets, and with those of a key, a user and a team; by one caller and by eight at once.
@main
struct LimitCost {
    private static let rounds = 200_000

    static func main() async throws {
        var template = Array("/tmp/limit-cost-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { preconditionFailure("no folder") }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let gate = try makeGate(InstallationRoot(folder))
        for (name, ask) in asks {
            let alone = try await best { try await cost(gate, ask, callers: 1) }
            let crowd = try await best { try await cost(gate, ask, callers: 8) }
            print("admit_settle_ns \(name) \(Int(alone))  8_callers \(Int(crowd))")
        }
        await gate.close()
    }

    private static let candidate = LimitCandidate(provider: "openai", model: "gpt-4o-2024-08-06")

    private static var asks: [(String, LimitAsk)] {
        [
            ("unlimited", ask("free")), ("per_minute", ask("minute")), ("budget", ask("money")),
            ("budget_key_user_team", ask("money", user: "ann", team: "lab")),
        ]
    }

    private static func ask(_ key: String, user: String? = nil, team: String? = nil) -> LimitAsk {
        LimitAsk(
            keyID: key,
            user: user,
            team: team,
            candidates: [candidate],
            estimatedInputTokens: 300,
            maxOutputTokens: 500
        )
    }

    private static func makeGate(_ root: InstallationRoot) throws -> LimitGate {
        let keys = try KeyStore(path: root.database)
        let many = 1_000_000_000
        let minute = UsageLimits(requestsPerMinute: many, tokensPerMinute: many * 900, maxConcurrent: many)
        var all = minute
        all.budget = Budget(micros: 500_000_000_000_000, period: .month)
        try keys.setLimits(minute, for: LimitSubject(.key, "minute"))
        for subject in [LimitSubject(.key, "money"), LimitSubject(.user, "ann"), LimitSubject(.team, "lab")] {
            try keys.setLimits(all, for: subject)
        }
        let patterns = (0..<40).map { "other-\($0)*" } + ["gpt-4o*"]
        let price = TokenPrice(input: 2_500_000, output: 10_000_000)
        let entries = patterns.compactMap(ModelPattern.init)
            .map { PriceTable.Entry(model: $0, provider: nil, price: price) }
        return try LimitGate(
            keys: keys,
            ledger: Ledger(path: root.ledgerDatabase),
            prices: PriceBook(PriceTable(entries: entries))
        )
    }

    private static func best(_ measure: @Sendable () async throws -> Double) async throws -> Double {
        var best = Double.infinity
        for _ in 0..<5 { best = min(best, try await measure()) }
        return best
    }

    /// Nanoseconds for each call.
    private static func cost(_ gate: LimitGate, _ ask: LimitAsk, callers: Int) async throws -> Double {
        let outcome = LimitOutcome(candidate, usage: TokenUsage(inputTokens: 280, outputTokens: 120))
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<callers {
                group.addTask {
                    for _ in 0..<rounds / callers {
                        let lease = try await gate.admit(ask)
                        gate.settle(lease, outcome)
                    }
                }
            }
            try await group.waitForAll()
        }
        let time = (ContinuousClock.now - start).components
        return (Double(time.seconds) * 1e9 + Double(time.attoseconds) / 1e9) / Double(rounds)
    }
}
