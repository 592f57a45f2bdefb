import Testing

@testable import Gateway

@Suite("The circuit breaker") struct CircuitBreakerTests {
    private static let second: UInt64 = 1_000_000_000

    private let settings: BreakerSettings = {
        var settings = BreakerSettings()
        settings.failures = 3
        return settings
    }()

    /// Calls at these seconds: `f` fails, `s` succeeds, `n` says nothing.
    private func after(_ calls: [(UInt64, Character)], breaker: CircuitBreaker = CircuitBreaker()) -> CircuitBreaker {
        var breaker = breaker
        for (time, end) in calls {
            let now = time * Self.second
            let pass = breaker.begin(at: now, settings)
            breaker.end(pass, end == "f" ? .failure : end == "s" ? .success : .neutral, at: now, settings)
        }
        return breaker
    }

    @Test(
        "it opens by failures within the window when every second call failed",
        arguments: [
            ([(0, "f"), (1, "f")], false), ([(0, "f"), (1, "f"), (2, "f")], true),
            ([(0, "f"), (1, "n"), (2, "f"), (3, "n"), (4, "n")], false),
            ([(0, "s"), (0, "s"), (0, "s"), (1, "f"), (2, "f"), (3, "f")], true),
            ([(0, "s"), (0, "s"), (0, "s"), (0, "s"), (1, "f"), (2, "f"), (3, "f")], false),
            ([(0, "f"), (1, "f"), (31, "f")], false), ([(0, "f"), (20, "f"), (26, "f")], true),
        ] as [([(UInt64, Character)], Bool)]
    )
    func opens(calls: [(UInt64, Character)], expected: Bool) {
        let last = calls.last?.0 ?? 0
        #expect(after(calls).isOpen(at: last * Self.second) == expected)
    }

    private func opened() -> CircuitBreaker { after([(0, "f"), (0, "f"), (0, "f")]) }

    @Test("it stays open for its time, and then lets one probe through")
    func probes() {
        var breaker = opened()
        #expect(breaker.isOpen(at: 15 * Self.second - 1))
        #expect(!breaker.isOpen(at: 15 * Self.second))
        _ = breaker.begin(at: 15 * Self.second, settings)
        #expect(breaker.isOpen(at: 15 * Self.second))
        // A probe that never ends is taken for lost.
        #expect(breaker.isOpen(at: 30 * Self.second - 1))
        #expect(!breaker.isOpen(at: 30 * Self.second))
    }

    @Test(
        "the probe decides",
        arguments: [("s", 15, false), ("f", 29, true), ("f", 30, false), ("n", 15, false)]
            as [(Character, UInt64, Bool)]
    )
    func decides(end: Character, later: UInt64, isOpen: Bool) {
        #expect(after([(15, end)], breaker: opened()).isOpen(at: later * Self.second) == isOpen)
    }

    @Test("closed by its probe, it counts from nothing")
    func countsAnew() {
        #expect(!after([(15, "s"), (16, "f"), (17, "f")], breaker: opened()).isOpen(at: 17 * Self.second))
        #expect(after([(15, "s"), (16, "f"), (17, "f"), (18, "f")], breaker: opened()).isOpen(at: 18 * Self.second))
    }

    @Test("asked although it is open, a success closes it and a failure changes nothing")
    func forced() {
        #expect(!after([(5, "s")], breaker: opened()).isOpen(at: 5 * Self.second))
        #expect(!after([(5, "f")], breaker: opened()).isOpen(at: 15 * Self.second))
    }

    @Test("what began before it opened says nothing about the time after")
    func isStale() {
        var breaker = CircuitBreaker()
        let early = breaker.begin(at: 0, settings)
        breaker = after([(1, "f"), (1, "f"), (1, "f")], breaker: breaker)
        breaker.end(early, .success, at: 2 * Self.second, settings)
        #expect(breaker.isOpen(at: 2 * Self.second))
    }

    @Test("a provider down for a minute is used again within 30 s of its recovery, whenever it is asked")
    func recovers() {
        for offset in 0..<40 {
            var settings = BreakerSettings()
            settings.window = .seconds(30)
            var breaker = CircuitBreaker()
            var firstAfter: UInt64?
            // One call each 4 s, as an exam does.
            for call in 0..<40 {
                let now = UInt64(call) * 4 * Self.second + UInt64(offset) * Self.second / 10
                guard !breaker.isOpen(at: now) else { continue }
                let pass = breaker.begin(at: now, settings)
                let isDown = now < 60 * Self.second
                breaker.end(pass, isDown ? .failure : .success, at: now, settings)
                if !isDown, firstAfter == nil { firstAfter = now }
            }
            #expect((firstAfter ?? .max) <= 90 * Self.second)
        }
    }
}
