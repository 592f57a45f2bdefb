import Core
import Foundation
import Limits
import Storage
import TestSupport
import Testing

@Suite("A host that is killed while it spends") struct LedgerCrashTests {
    private static let program =
        CommandLine.arguments.first { $0.hasSuffix(".xctest") }
        .map { URL(filePath: $0).deletingLastPathComponent().path(percentEncoded: false) + "/LimitCrashChild" }
        ?? SourceTree.path(".build/debug/LimitCrashChild")

    @Test("bills what was settled, nothing twice, and leaves no reservation after its lease", arguments: 0..<5)
    func killed(round: Int) async throws {
        let folder = try TemporaryFolder()
        let root = InstallationRoot(folder.path)
        let keys = try KeyStore(path: root.database)
        let ledger = try Ledger(path: root.ledgerDatabase)
        let budget: Int64 = 10_000_000
        try keys.setLimits(
            UsageLimits(budget: Budget(micros: budget, period: .total)),
            for: LimitSubject(.key, "k")
        )
        let child = try ChildProgram([Self.program, folder.path, "k"], environment: [:])
        let lines = 10 + round * 30
        let output = child.output.wait(seconds: 60) { $0.count { $0 == "\n" } >= lines }
        child.signal(SIGKILL)
        #expect(child.waitForExit() == 128 + SIGKILL, "\(output) \(child.errors.text)")

        let last = try #require(child.output.wait().split(separator: "\n").last.flatMap { Int64($0) })
        let account = LedgerAccount(subject: LimitSubject(.key, "k"), period: .total, at: 0)
        let spent = try ledger.spent(of: account)
        // One more may have been written than was said.
        #expect([last, last + 100].contains(spent))
        #expect(try ledger.reservations().count == 1)

        let later = LimitClock(
            steady: { LimitClock.system.steady() + 31_000_000_000 },
            wall: .system
        )
        let model = try #require(ModelPattern("m"))
        let price = TokenPrice(input: 1_000_000, output: 1_000_000)
        let gate = try LimitGate(
            keys: keys,
            ledger: ledger,
            prices: PriceBook(PriceTable(entries: [PriceTable.Entry(model: model, provider: nil, price: price)])),
            clock: later
        )
        let rest = LimitAsk(
            keyID: "k",
            candidates: [LimitCandidate(provider: "p", model: "m")],
            estimatedInputTokens: Int(budget - spent),
            maxOutputTokens: 0
        )
        let lease = try await gate.admit(rest)
        gate.settle(lease, nil)
        await gate.close()
        #expect(try ledger.reservations().count == 0)
        #expect(try ledger.spent(of: account) == spent)
    }

    @Test("has its reservation counted as taken until its lease ends")
    func leased() async throws {
        let fixture = try GateFixture(.month(1000))
        let lease = try await fixture.gate.admit(GateFixture.ask(600, 0))
        // Another host, which hears nothing of the first one any more.
        let clocks = TurnedClocks()
        let second = try fixture.secondGate(clocks)
        await #expect(throws: Failure.self) { try await second.admit(GateFixture.ask(600, 0)) }
        clocks.pass(31)
        await second.refresh()
        let other = try await second.admit(GateFixture.ask(600, 0))
        second.settle(other, nil)
        await second.close()
        fixture.gate.settle(lease, nil)
    }
}
