import Testing

@testable import Gateway

@Suite("Whom to ask next") struct FailoverPlanTests {
    /// One line of a scenario: what failed, and what is expected next.
    struct Line: Sendable {
        let fault: UpstreamFault
        var retryAfter: Duration?
        var left = Duration.seconds(60)
        let next: FailoverPlan.Step
    }

    struct Scenario: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var candidates = 2
        var rules = FailoverPlan.Rules()
        var open: Set<Int> = []
        var first = FailoverPlan.Step.ask(candidate: 0, after: .zero)
        let lines: [Line]
    }

    private static let other = FailoverPlan.Step.ask(candidate: 1, after: .zero)
    private static func same(_ pause: Duration) -> FailoverPlan.Step { .ask(candidate: 0, after: pause) }

    private static let scenarios: [Scenario] = [
        Scenario(
            testDescription: "a passing fault is tried again once, then somewhere else",
            lines: [
                Line(fault: .passing, next: same(.milliseconds(500))), Line(fault: .passing, next: other),
                Line(fault: .passing, next: .ask(candidate: 1, after: .milliseconds(500))),
                Line(fault: .passing, next: .stop),
            ]
        ),
        Scenario(
            testDescription: "the pause doubles with every retry",
            candidates: 1,
            rules: FailoverPlan.Rules(retries: 3),
            lines: [
                Line(fault: .passing, next: same(.milliseconds(500))),
                Line(fault: .passing, next: same(.milliseconds(1000))),
                Line(fault: .passing, next: same(.milliseconds(2000))), Line(fault: .passing, next: .stop),
            ]
        ),
        Scenario(
            testDescription: "a short Retry-After is waited for at the same provider, and not for ever",
            lines: [
                Line(fault: .limited, retryAfter: .seconds(2), next: same(.microseconds(2_062_500))),
                Line(fault: .limited, retryAfter: .seconds(2), next: other),
            ]
        ),
        Scenario(
            testDescription: "a Retry-After beyond the cap goes elsewhere at once",
            lines: [Line(fault: .limited, retryAfter: .milliseconds(5001), next: other)]
        ),
        Scenario(
            testDescription: "a Retry-After beyond the deadline goes elsewhere at once",
            lines: [Line(fault: .limited, retryAfter: .seconds(2), left: .seconds(2), next: other)]
        ),
        Scenario(
            testDescription: "with nobody else, a Retry-After beyond the cap is the end",
            candidates: 1,
            lines: [Line(fault: .limited, retryAfter: .seconds(60), next: .stop)]
        ),
        Scenario(
            testDescription: "a limit without Retry-After goes elsewhere, and with nobody else waits a little",
            lines: [
                Line(fault: .limited, next: other),
                Line(fault: .limited, next: .ask(candidate: 1, after: .milliseconds(500))),
                Line(fault: .limited, next: .stop),
            ]
        ),
        Scenario(
            testDescription: "an overloaded provider is left at once, and the last one asked again",
            lines: [
                Line(fault: .overloaded, next: other),
                Line(fault: .overloaded, retryAfter: .seconds(1), next: .ask(candidate: 1, after: .seconds(1))),
                Line(fault: .overloaded, next: .stop),
            ]
        ),
        Scenario(
            testDescription: "who was late is never asked again",
            lines: [Line(fault: .late, next: other), Line(fault: .late, next: .stop)]
        ),
        Scenario(
            testDescription: "a bad key of ours goes elsewhere without a retry",
            lines: [Line(fault: .unable, next: other), Line(fault: .unable, next: .stop)]
        ),
        Scenario(testDescription: "a wrong request is wrong everywhere", lines: [Line(fault: .wrong, next: .stop)]),
        Scenario(testDescription: "a refusal is an answer", lines: [Line(fault: .refused, next: .stop)]),
        Scenario(
            testDescription: "a refusal goes elsewhere where the route says so, and is never repeated",
            rules: FailoverPlan.Rules(failsOverRefusals: true),
            lines: [Line(fault: .refused, next: other), Line(fault: .refused, next: .stop)]
        ),
        Scenario(
            testDescription: "nobody is asked for a caller who left",
            lines: [Line(fault: .cancelled, next: .stop)]
        ),
        Scenario(
            testDescription: "no attempt begins after the deadline",
            lines: [Line(fault: .late, left: .zero, next: .stop)]
        ),
        Scenario(
            testDescription: "one budget holds over providers and retries",
            candidates: 5,
            rules: FailoverPlan.Rules(retries: 2, attempts: 4),
            lines: [
                Line(fault: .passing, next: same(.milliseconds(500))),
                Line(fault: .passing, next: same(.milliseconds(1000))), Line(fault: .passing, next: other),
                Line(fault: .passing, next: .stop),
            ]
        ),
        Scenario(
            testDescription: "an open breaker is passed over while somebody else is left",
            candidates: 3,
            open: [0, 1],
            first: .ask(candidate: 2, after: .zero),
            lines: [
                Line(fault: .late, next: same(.zero)), Line(fault: .late, next: other),
                Line(fault: .late, next: .stop),
            ]
        ),
        Scenario(testDescription: "without candidates there is nobody to ask", candidates: 0, first: .stop, lines: []),
        Scenario(
            testDescription: "without an attempt there is none",
            rules: FailoverPlan.Rules(attempts: 0),
            first: .stop,
            lines: []
        ),
    ]

    @Test("the plan", arguments: scenarios)
    func follows(scenario: Scenario) {
        var plan = FailoverPlan(candidates: scenario.candidates, rules: scenario.rules)
        #expect(plan.start(isOpen: scenario.open.contains) == scenario.first)
        for (number, line) in scenario.lines.enumerated() {
            let step = plan.failed(
                line.fault,
                retryAfter: line.retryAfter,
                left: line.left,
                jitter: 0.5,
                isOpen: scenario.open.contains
            )
            #expect(step == line.next, "line \(number)")
        }
    }

    @Test("no order of faults takes more attempts than the budget, nor more of one provider than its retries allow")
    func isBounded() {
        let faults = UpstreamFault.allCases
        for seed in 0..<5000 {
            var random = seed
            var plan = FailoverPlan(candidates: 3, rules: FailoverPlan.Rules(retries: 2, attempts: 5))
            var asked: [Int: Int] = [:]
            var step = plan.start(isOpen: { _ in false })
            while case .ask(let candidate, let pause) = step {
                asked[candidate, default: 0] += 1
                #expect(pause <= .seconds(6))
                random = (random &* 1_103_515_245 &+ 12_345) & 0x7FFF_FFFF
                step = plan.failed(
                    faults[(random >> 8) % faults.count],
                    retryAfter: random % 3 == 0 ? .milliseconds(random % 9000) : nil,
                    left: .seconds(60),
                    jitter: 0.99,
                    isOpen: { $0 == random % 4 }
                )
            }
            #expect(asked.values.reduce(0, +) == plan.attempts)
            #expect(plan.attempts <= 5)
            #expect(asked.values.allSatisfy { $0 <= 3 })
        }
    }

    @Test("asking once more in another way takes of the same budget")
    func askAgain() {
        var plan = FailoverPlan(candidates: 2, rules: FailoverPlan.Rules(attempts: 2))
        let results = [plan.askAgain(), plan.start(isOpen: { _ in false }) != .stop, plan.askAgain(), plan.askAgain()]
        #expect(results == [false, true, true, false])
        #expect(plan.attempts == 2)
    }
}
