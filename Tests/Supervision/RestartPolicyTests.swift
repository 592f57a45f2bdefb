import Core
import Supervision
import Workers
import Testing

@Suite("After a fault") struct RestartPolicyTests {
    private static let second: UInt64 = 1_000_000_000
    private static let crash = FaultKind.crashed(signal: 11)

    @Test(
        "a plugin is restarted after a delay that doubles up to a minute",
        arguments: [
            (0.5, [500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]), (0.0, [400, 800, 1600, 3200]),
        ]
    )
    func delays(_ random: Double, _ expected: [Int]) {
        var policy = RestartPolicy(limits: RestartLimits(maxFaults: 100))
        for (number, milliseconds) in expected.enumerated() {
            let action = policy.fault(Self.crash, at: UInt64(number) * Self.second, random: random)
            #expect(action == .restart(afterMilliseconds: milliseconds))
        }
    }

    @Test("the delay is at most a fifth longer than it should be")
    func jitter() {
        var policy = RestartPolicy()
        #expect(policy.fault(Self.crash, at: 0, random: 0.999_999) == .restart(afterMilliseconds: 600))
    }

    @Test("a plugin that fails five times within ten minutes is quarantined")
    func quarantine() {
        var policy = RestartPolicy()
        for number in 0..<4 {
            let action = policy.fault(Self.crash, at: UInt64(number) * 149 * Self.second, random: 0.5)
            #expect(action == .restart(afterMilliseconds: 500 << number))
        }
        #expect(
            policy.fault(.timeout, at: 599 * Self.second, random: 0.5)
                == .quarantine(reason: "5 faults within 10 minutes, at last it did not end a call in time")
        )
    }

    @Test("a plugin that fails every three minutes is restarted for ever, ever more slowly")
    func slowFaults() {
        var policy = RestartPolicy()
        var actions: [RestartPolicy.Action] = []
        for number in 0..<10 {
            actions.append(policy.fault(Self.crash, at: UInt64(number) * 180 * Self.second, random: 0.5))
        }
        #expect(actions.last == .restart(afterMilliseconds: 60_000))
        #expect(policy.faults(at: 9 * 180 * Self.second) == 4)
    }

    @Test("ten quiet minutes make everything forgotten")
    func forgets() {
        var policy = RestartPolicy()
        for number in 0..<4 { _ = policy.fault(Self.crash, at: UInt64(number) * Self.second, random: 0.5) }
        #expect(policy.fault(Self.crash, at: 603 * Self.second, random: 0.5) == .restart(afterMilliseconds: 500))
    }

    @Test("the operator's restart makes everything forgotten")
    func reset() {
        var policy = RestartPolicy()
        for number in 0..<4 { _ = policy.fault(Self.crash, at: UInt64(number) * Self.second, random: 0.5) }
        policy.reset()
        #expect(policy.faults(at: 5 * Self.second) == 0)
        #expect(policy.fault(Self.crash, at: 5 * Self.second, random: 0.5) == .restart(afterMilliseconds: 500))
    }

    @Test("a plugin whose skill.yaml says `restart: never` is quarantined at once")
    func never() {
        var policy = RestartPolicy(restart: .never)
        #expect(
            policy.fault(.exited(code: 0), at: 0, random: 0.5)
                == .quarantine(
                    reason: "it ended its process with exit code 0, and its skill.yaml says `restart: never`"
                )
        )
    }

    @Test("the operator can allow fewer faults in a shorter time")
    func limits() {
        var policy = RestartPolicy(limits: RestartLimits(maxFaults: 2, windowSeconds: 10))
        #expect(policy.fault(Self.crash, at: 0, random: 0.5) == .restart(afterMilliseconds: 500))
        #expect(policy.fault(Self.crash, at: 10 * Self.second, random: 0.5) == .restart(afterMilliseconds: 500))
        #expect(
            policy.fault(Self.crash, at: 11 * Self.second, random: 0.5)
                == .quarantine(reason: "2 faults within 10 seconds, at last it crashed with signal 11")
        )
    }
}
