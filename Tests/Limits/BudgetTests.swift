import Access
import Core
import Limits
import Storage
import TestSupport
import Testing

@Suite("Budgets") struct BudgetGateTests {
    private typealias Fixture = GateFixture
    private let key = LimitSubject(.key, "k")

    @Test("of 100 calls at once with a budget for one, one is let in")
    func hundred() async throws {
        for _ in 0..<5 {
            let fixture = try Fixture(.month(100))
            let leases = await withTaskGroup(of: LimitLease?.self) { group in
                for _ in 0..<100 { group.addTask { try? await fixture.gate.admit(Fixture.ask()) } }
                return await group.reduce(into: [LimitLease]()) { leases, lease in
                    if let lease { leases.append(lease) }
                }
            }
            #expect(leases.count == 1)
            for lease in leases { #expect(fixture.gate.settle(lease, Fixture.outcome()) == 100) }
            await fixture.gate.flush()
            #expect(try fixture.spent() == 100)
            #expect(await fixture.refusal()?.code == "budget_exceeded")
        }
    }

    @Test("64 callers spend a budget to the last call and no further, whichever of key, user and team it is")
    func exact() async throws {
        let fixture = try Fixture(
            .month(50_000),
            others: [LimitSubject(.user, "ann"): .month(30_000), LimitSubject(.team, "lab"): .month(40_000)]
        )
        let admitted = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<64 {
                group.addTask {
                    var count = 0
                    for _ in 0..<10 {
                        guard let lease = try? await fixture.gate.admit(Fixture.ask(user: "ann", team: "lab")) else {
                            continue
                        }
                        fixture.gate.settle(lease, Fixture.outcome())
                        count += 1
                    }
                    return count
                }
            }
            return await group.reduce(0, +)
        }
        #expect(admitted == 300)
        await fixture.gate.flush()
        #expect(try fixture.spent() == 30_000)
        #expect(try fixture.spent(LimitSubject(.user, "ann")) == 30_000)
        #expect(try fixture.spent(LimitSubject(.team, "lab")) == 30_000)
    }

    @Test("a call is billed what it used, once, and the rest of its promise is free again")
    func settles() async throws {
        let fixture = try Fixture(.month(150))
        let lease = try await fixture.gate.admit(Fixture.ask(50, 100))
        #expect(await fixture.refusal(Fixture.ask(1, 0))?.code == "budget_exceeded")
        #expect(fixture.gate.settle(lease, Fixture.outcome(50, 10)) == 60)
        #expect(fixture.gate.settle(lease, Fixture.outcome(50, 10)) == nil)
        let refusal = try #require(await fixture.refusal(Fixture.ask(91, 0)))
        #expect(
            refusal.message
                == "This key has 0.00009 USD left of its budget of 0.00015/month; this request may cost 0.000091 USD."
        )
        #expect(refusal.hint?.hasPrefix("A new period begins at 2026-12-01T00:00:00Z;") == true)
        #expect(refusal.retryAfterMilliseconds == 551_700_000)
        #expect(await fixture.refusal(Fixture.ask(90, 0)) == nil)
        await fixture.gate.flush()
        #expect(try fixture.spent() == 60)
    }

    @Test("calls that fail, and leases that are lost, cost nothing")
    func releases() async throws {
        let fixture = try Fixture(.month(100))
        for _ in 0..<50 {
            let lease = try await fixture.gate.admit(Fixture.ask())
            fixture.gate.settle(lease, nil)
            _ = try await fixture.gate.admit(Fixture.ask())
        }
        await fixture.gate.flush()
        #expect(try fixture.spent() == 0)
        #expect(await fixture.refusal() == nil)
    }

    @Test("a call that used more than it was promised is billed all of it")
    func overrun() async throws {
        let fixture = try Fixture(.month(100))
        let lease = try await fixture.gate.admit(Fixture.ask())
        #expect(fixture.gate.settle(lease, Fixture.outcome(60, 400)) == 460)
        await fixture.gate.flush()
        #expect(try fixture.spent() == 460)
        #expect(await fixture.refusal(Fixture.ask(1, 0))?.message.hasPrefix("This key has spent its budget") == true)
    }

    @Test("a model that costs nothing is served when the budget is spent, also as the rest of a route")
    func freeModels() async throws {
        let fixture = try Fixture(.month(100))
        fixture.gate.settle(try await fixture.gate.admit(Fixture.ask()), Fixture.outcome())
        #expect(await fixture.refusal() != nil)
        #expect(await fixture.refusal(Fixture.ask(candidates: [Fixture.free])) == nil)
        let lease = try await fixture.gate.admit(Fixture.ask(candidates: [Fixture.paid, Fixture.free]))
        #expect(lease.candidates == [Fixture.free])
        #expect(fixture.gate.settle(lease, Fixture.outcome(of: Fixture.free)) == 0)
    }

    @Test(
        "a model without a price is refused where a budget applies, unless the operator says otherwise",
        arguments: [
            ("", true, "unknown_price"), ("", false, nil), ("unknown: deny", true, "unknown_price"),
            ("unknown: deny", false, "unknown_price"), ("unknown: allow", true, nil), ("unknown: allow", false, nil),
        ] as [(String, Bool, String?)]
    )
    func unknownPrices(policy: String, hasBudget: Bool, code: String?) async throws {
        let fixture = try Fixture(hasBudget ? .month(1_000_000) : .none, prices: policy)
        let refusal = await fixture.refusal(Fixture.ask(candidates: [Fixture.unknown]))
        #expect(refusal?.code == code)
        if let refusal { #expect(refusal.kind == .denied) }
    }

    @Test("a new period begins with nothing spent; a date set back finds what was spent")
    func periods() async throws {
        let fixture = try Fixture(UsageLimits(budget: Budget(micros: 100, period: .day)))
        fixture.gate.settle(try await fixture.gate.admit(Fixture.ask()), Fixture.outcome())
        // A quarter to three in the afternoon.
        fixture.clocks.setDate(by: 3600)
        #expect(await fixture.refusal()?.code == "budget_exceeded")
        fixture.clocks.setDate(by: -7200)
        #expect(await fixture.refusal()?.code == "budget_exceeded")
        fixture.clocks.setDate(by: 86_400)
        fixture.gate.settle(try await fixture.gate.admit(Fixture.ask()), Fixture.outcome())
        #expect(await fixture.refusal()?.code == "budget_exceeded")
        fixture.clocks.setDate(by: -86_400)
        #expect(await fixture.refusal()?.code == "budget_exceeded")
        await fixture.gate.flush()
        #expect(try fixture.spent(key, .day) == 100)
    }

    @Test("a call is billed to the period in which it began")
    func longCall() async throws {
        let fixture = try Fixture(UsageLimits(budget: Budget(micros: 100, period: .day)))
        let lease = try await fixture.gate.admit(Fixture.ask())
        let today = LedgerAccount(subject: key, period: .day, at: fixture.clocks.clock.wall.now())
        fixture.clocks.pass(86_400)
        #expect(await fixture.refusal() == nil)
        fixture.gate.settle(lease, Fixture.outcome())
        await fixture.gate.flush()
        #expect(try fixture.ledger.spent(of: today) == 100)
        #expect(try fixture.spent(key, .day) == 0)
    }

    @Test("two hosts on one ledger never promise more than the budget together")
    func twoHosts() async throws {
        let fixture = try Fixture(.month(1000))
        let second = try fixture.secondGate()
        let (first, other) = (fixture.gate, second)
        let leases = await withTaskGroup(of: LimitLease?.self) { group in
            for number in 0..<60 {
                group.addTask { try? await (number % 2 == 0 ? first : other).admit(Fixture.ask()) }
            }
            return await group.reduce(into: [LimitLease]()) { if let lease = $1 { $0.append(lease) } }
        }
        #expect((1...10).contains(leases.count))
        for lease in leases { _ = first.settle(lease, Fixture.outcome()) }
        await first.close()
        await second.close()
        #expect(try fixture.spent() == Int64(leases.count) * 100)
        #expect(try fixture.ledger.reservations().count == 0)
    }

    @Test("a rotation renews no budget")
    func rotation() async throws {
        let fixture = try Fixture()
        let ring = try KeyRing(root: InstallationRoot(fixture.folder.path))
        let old = try ring.create(name: "a", role: .developer, limits: .month(100)).record.id
        fixture.gate.settle(try await fixture.gate.admit(Fixture.ask(key: old)), Fixture.outcome())
        let middle = try ring.rotate(old).record.id
        let new = try ring.rotate(middle).record.id
        #expect(await fixture.refusal(Fixture.ask(key: new))?.code == "budget_exceeded")
        _ = try ring.change(new) { $0.limits.budget = Budget(micros: 200, period: .month) }
        await fixture.gate.refresh()
        #expect(await fixture.refusal(Fixture.ask(key: new)) == nil)
    }

    @Test("a call that is settled after its key was revoked does not bring the key back")
    func revoked() async throws {
        let fixture = try Fixture()
        let ring = try KeyRing(root: InstallationRoot(fixture.folder.path))
        let made = try ring.create(name: "a", role: .developer, limits: .month(1000))
        let authenticator = try ring.authenticator()
        let lease = try await fixture.gate.admit(Fixture.ask(key: made.record.id))
        _ = try ring.revoke(made.record.id)
        fixture.gate.settle(lease, Fixture.outcome())
        await fixture.gate.flush()
        #expect(try fixture.spent(LimitSubject(.key, made.record.id)) == 100)
        let answer = authenticator.authenticate(made.secret)
        #expect(throws: Failure.self) { try answer.get() }
        #expect(try ring.list().map(\.revokedAt).allSatisfy { $0 != nil })
    }

    @Test("what another process resets is free again")
    func reset() async throws {
        let fixture = try Fixture(.month(100))
        fixture.gate.settle(try await fixture.gate.admit(Fixture.ask()), Fixture.outcome())
        await fixture.gate.flush()
        await fixture.gate.refresh()
        #expect(await fixture.refusal() != nil)
        let other = try Ledger(path: InstallationRoot(fixture.folder.path).ledgerDatabase)
        try other.reset(LedgerAccount(subject: key, period: .month, at: fixture.clocks.clock.wall.now()))
        await fixture.gate.refresh()
        #expect(await fixture.refusal() == nil)
    }

    @Test("what was reserved ahead is given back when nothing was spent for half a minute")
    func idle() async throws {
        let fixture = try Fixture(.month(1_000_000))
        fixture.gate.settle(try await fixture.gate.admit(Fixture.ask()), nil)
        #expect(try fixture.ledger.reservations().micros > 0)
        fixture.clocks.pass(31)
        await fixture.gate.refresh()
        #expect(try fixture.ledger.reservations().count == 0)
        #expect(await fixture.refusal() == nil)
    }
}
