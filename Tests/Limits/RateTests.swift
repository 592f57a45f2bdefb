import Core
import Limits
import Storage
import Testing

@Suite("Limits per minute") struct RateTests {
    private typealias Fixture = GateFixture

    @Test("64 callers at once get exactly as many requests as a minute has")
    func exactRequests() async throws {
        let fixture = try Fixture(UsageLimits(requestsPerMinute: 1000))
        let admitted = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<64 {
                group.addTask {
                    var count = 0
                    for _ in 0..<40 where await fixture.refusal() == nil { count += 1 }
                    return count
                }
            }
            return await group.reduce(0, +)
        }
        #expect(admitted == 1000)
    }

    @Test("64 callers at once get exactly as many tokens as a minute has")
    func exactTokens() async throws {
        let fixture = try Fixture(UsageLimits(tokensPerMinute: 100_000))
        let admitted = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<64 {
                group.addTask {
                    var count = 0
                    for _ in 0..<40 {
                        guard let lease = try? await fixture.gate.admit(Fixture.ask()) else { continue }
                        fixture.gate.settle(lease, Fixture.outcome())
                        count += 1
                    }
                    return count
                }
            }
            return await group.reduce(0, +)
        }
        #expect(admitted == 1000)
    }

    @Test("what costs nothing is a request like any other, whatever tokens and money are left")
    func free() async throws {
        let fixture = try Fixture(
            UsageLimits(requestsPerMinute: 4, tokensPerMinute: 100, budget: Budget(micros: 100, period: .month))
        )
        fixture.gate.settle(try await fixture.gate.admit(Fixture.ask()), Fixture.outcome(90, 60))
        #expect(await fixture.refusal() != nil)
        let skill = LimitAsk(keyID: "k")
        for remaining in [2, 1, 0] {
            let lease = try await fixture.gate.admit(skill)
            #expect(lease.rateLimit?.requests?.remaining == remaining)
            fixture.gate.settle(lease, nil)
        }
        let refusal = try #require(await fixture.refusal(skill))
        #expect(refusal.code == "rate_limited")
        #expect(refusal.message.contains("4 requests per minute"))
        #expect(refusal.rateLimit?.requests?.limit == 4)
    }

    @Test("what a plugin asks on behalf of a call takes no place of its own, and counts in all else")
    func child() async throws {
        let fixture = try Fixture(UsageLimits(requestsPerMinute: 3, maxConcurrent: 1))
        let parent = try await fixture.gate.admit(LimitAsk(keyID: "k"))
        #expect(await fixture.refusal(LimitAsk(keyID: "k"))?.code == "too_many_concurrent")
        let child = LimitAsk(keyID: "k", candidates: [Fixture.paid], isChild: true)
        let first = try await fixture.gate.admit(child)
        let second = try await fixture.gate.admit(child)
        #expect(await fixture.refusal(child)?.code == "rate_limited")
        for lease in [first, second, parent] { fixture.gate.settle(lease, nil) }
        fixture.clocks.pass(61)
        #expect(await fixture.refusal(LimitAsk(keyID: "k")) == nil)
    }

    @Test("a refused request says how long to wait, and after that time one gets in")
    func retryAfter() async throws {
        let fixture = try Fixture(UsageLimits(requestsPerMinute: 2))
        #expect(await fixture.refusal() == nil)
        fixture.clocks.pass(20)
        #expect(await fixture.refusal() == nil)
        let refusal = try #require(await fixture.refusal())
        #expect(refusal.kind == .rateLimit)
        #expect(refusal.code == "rate_limited")
        let wait = try #require(refusal.retryAfterMilliseconds)
        #expect((40_000...40_251).contains(wait))
        fixture.clocks.pass(Double(wait - 300) / 1000)
        #expect(await fixture.refusal()?.code == "rate_limited")
        fixture.clocks.pass(0.3)
        #expect(await fixture.refusal() == nil)
        #expect(await fixture.refusal()?.code == "rate_limited")
    }

    @Test("no minute holds more than the limit, wherever it begins")
    func everyMinute() async throws {
        let fixture = try Fixture(UsageLimits(requestsPerMinute: 10))
        var moments: [Double] = []
        for step in 0..<4000 {
            if await fixture.refusal() == nil { moments.append(Double(step) * 0.09) }
            fixture.clocks.pass(0.09)
        }
        let fullest = moments.map { start in moments.count { $0 >= start && $0 < start + 60 } }.max()
        #expect(fullest == 10)
        #expect(moments.count == 60)
    }

    @Test("a clock that is set by an hour changes no minute", arguments: [3600, -3600] as [Int64])
    func dateChanges(seconds: Int64) async throws {
        let fixture = try Fixture(UsageLimits(requestsPerMinute: 1, maxConcurrent: 5))
        #expect(await fixture.refusal() == nil)
        fixture.clocks.setDate(by: seconds)
        #expect(await fixture.refusal()?.code == "rate_limited")
        fixture.clocks.pass(60.25)
        #expect(await fixture.refusal() == nil)
    }

    @Test("tokens that were asked for and not used are given back")
    func unusedTokens() async throws {
        let fixture = try Fixture(UsageLimits(tokensPerMinute: 1000))
        let lease = try await fixture.gate.admit(Fixture.ask(100, 900))
        #expect(lease.rateLimit?.tokens == .init(limit: 1000, remaining: 0, resetMilliseconds: 60_250))
        #expect(await fixture.refusal(Fixture.ask(1, 0))?.code == "rate_limited")
        fixture.gate.settle(lease, Fixture.outcome(100, 50))
        #expect(await fixture.refusal(Fixture.ask(850, 1))?.code == "rate_limited")
        #expect(await fixture.refusal(Fixture.ask(850, 0)) == nil)
    }

    @Test("a request larger than a whole minute is told so, and not to wait")
    func tooLarge() async throws {
        let fixture = try Fixture(UsageLimits(tokensPerMinute: 1000))
        let refusal = try #require(await fixture.refusal(Fixture.ask(1, 1000)))
        #expect(refusal.code == "rate_limited")
        #expect(refusal.retryAfterMilliseconds == nil)
        #expect(refusal.hint == "This request alone may take 1001 tokens; lower max_tokens or shorten it.")
    }

    @Test("as many calls run at once as are allowed, and each that ends makes room")
    func concurrency() async throws {
        let fixture = try Fixture(UsageLimits(maxConcurrent: 2))
        let first = try await fixture.gate.admit(Fixture.ask())
        var second: LimitLease? = try await fixture.gate.admit(Fixture.ask())
        #expect(await fixture.refusal()?.code == "too_many_concurrent")
        fixture.gate.settle(first, nil)
        fixture.gate.settle(first, nil)
        #expect(await fixture.refusal() == nil)
        let third = try await fixture.gate.admit(Fixture.ask())
        #expect(await fixture.refusal()?.code == "too_many_concurrent")
        // A call that forgets its lease.
        #expect(second != nil)
        second = nil
        #expect(await fixture.refusal() == nil)
        fixture.gate.settle(third, nil)
    }

    @Test("a user's and a team's limits count for all their keys together, and a refused call counts nowhere")
    func subjects() async throws {
        let fixture = try Fixture(
            UsageLimits(requestsPerMinute: 3),
            others: [
                LimitSubject(.user, "ann"): UsageLimits(requestsPerMinute: 2),
                LimitSubject(.team, "lab"): UsageLimits(requestsPerMinute: 100),
            ]
        )
        #expect(await fixture.refusal(Fixture.ask(user: "ann", team: "lab")) == nil)
        let lease = try await fixture.gate.admit(Fixture.ask(key: "other", user: "ann", team: "lab"))
        #expect(lease.rateLimit?.requests == .init(limit: 2, remaining: 0, resetMilliseconds: 60_250))
        let refusal = await fixture.refusal(Fixture.ask(user: "ann", team: "lab"))
        #expect(refusal?.message == "The user ann may use 2 requests per minute, and has.")
        // Two of the key's three are left.
        #expect(await fixture.refusal() == nil)
        #expect(await fixture.refusal() == nil)
        #expect(await fixture.refusal()?.message == "This key may use 3 requests per minute, and has.")
    }

    @Test("the state of the limits has the names that OpenAI's clients read")
    func headers() {
        let state = RateLimitState(
            requests: .init(limit: 60, remaining: 59, resetMilliseconds: 850),
            tokens: .init(limit: 1000, remaining: 0, resetMilliseconds: 12_250)
        )
        #expect(
            state.headers.map { "\($0.name): \($0.value)" } == [
                "x-ratelimit-limit-requests: 60", "x-ratelimit-remaining-requests: 59",
                "x-ratelimit-reset-requests: 850ms", "x-ratelimit-limit-tokens: 1000",
                "x-ratelimit-remaining-tokens: 0", "x-ratelimit-reset-tokens: 12.250s",
            ]
        )
    }

    @Test("changed limits count for keys that are in use")
    func changes() async throws {
        let fixture = try Fixture(UsageLimits(requestsPerMinute: 1))
        #expect(await fixture.refusal() == nil)
        #expect(await fixture.refusal() != nil)
        try fixture.keys.setLimits(UsageLimits(requestsPerMinute: 2), for: LimitSubject(.key, "k"))
        await fixture.gate.refresh()
        #expect(await fixture.refusal() == nil)
        #expect(await fixture.refusal() != nil)
        try fixture.keys.setLimits(.none, for: LimitSubject(.key, "k"))
        await fixture.gate.refresh()
        #expect(await fixture.refusal() == nil)
    }

    @Test("a key that is made while the host runs has its limits from its first call on")
    func newKey() async throws {
        let fixture = try Fixture()
        #expect(await fixture.refusal() == nil)
        try fixture.keys.setLimits(UsageLimits(requestsPerMinute: 1), for: LimitSubject(.key, "new"))
        #expect(await fixture.refusal(Fixture.ask(key: "new")) == nil)
        #expect(await fixture.refusal(Fixture.ask(key: "new"))?.code == "rate_limited")
    }

    @Test("absurd numbers of tokens are bounded", arguments: [Int.max, Int.min, -1])
    func absurd(tokens: Int) async throws {
        let fixture = try Fixture(
            UsageLimits(tokensPerMinute: 1_000_000_000, budget: Budget(micros: 1_000_000_000, period: .total))
        )
        let lease = try await fixture.gate.admit(Fixture.ask(tokens, tokens))
        fixture.gate.settle(lease, Fixture.outcome(tokens, tokens))
        #expect(await fixture.refusal() == nil)
    }
}
