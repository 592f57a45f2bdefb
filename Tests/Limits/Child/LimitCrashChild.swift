import Core
import Limits
import Storage

/// Spends from a budget until it is killed, and says each time what is settled and written.
///
/// `LimitCrashChild FOLDER KEY`: the databases are in the folder, and the key has a budget there. Each call costs 100
/// micro-USD. Beside those it settles, it holds calls that never end.
@main
struct LimitCrashChild {
    static func main() async throws {
        let (folder, key) = (CommandLine.arguments[1], CommandLine.arguments[2])
        let root = InstallationRoot(folder)
        guard let model = ModelPattern("m") else { return }
        let price = TokenPrice(input: 1_000_000, output: 1_000_000)
        let prices = PriceTable(entries: [PriceTable.Entry(model: model, provider: nil, price: price)])
        let gate = try LimitGate(
            keys: KeyStore(path: root.database),
            ledger: Ledger(path: root.ledgerDatabase),
            prices: PriceBook(prices)
        )
        let candidate = LimitCandidate(provider: "p", model: "m")
        let ask = LimitAsk(keyID: key, candidates: [candidate], estimatedInputTokens: 100, maxOutputTokens: 100)
        var unfinished: [LimitLease] = []
        for _ in 0..<5 { unfinished.append(try await gate.admit(ask)) }
        let outcome = LimitOutcome(candidate, usage: TokenUsage(inputTokens: 60, outputTokens: 40))
        var settled = 0
        while true {
            let lease = try await gate.admit(ask)
            gate.settle(lease, outcome)
            gate.settle(lease, outcome)
            await gate.flush()
            settled += 100
            print(settled)
            // The pipe is a file to stdio, which would keep the lines.
            flushLines()
        }
    }
}
