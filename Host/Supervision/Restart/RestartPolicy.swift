package import Core
package import Workers

/// How often a plugin may fail, and how long the host waits before it starts it again.
package struct RestartLimits: Sendable, Hashable {
    /// The fault with this number within `windowSeconds` is the last one.
    package var maxFaults: Int
    /// Also the time without a fault after which everything is forgotten.
    package var windowSeconds: Int
    package var firstDelayMilliseconds: Int
    package var maxDelayMilliseconds: Int

    package init(
        maxFaults: Int = 5,
        windowSeconds: Int = 600,
        firstDelayMilliseconds: Int = 500,
        maxDelayMilliseconds: Int = 60_000
    ) {
        self.maxFaults = maxFaults
        self.windowSeconds = windowSeconds
        self.firstDelayMilliseconds = firstDelayMilliseconds
        self.maxDelayMilliseconds = maxDelayMilliseconds
    }
}

/// What follows a fault: another start after a growing delay, or none.
///
/// Knows no clock and no chance of its own: moments are nanoseconds of CLOCK_MONOTONIC, `random` is in 0..<1.
package struct RestartPolicy: Sendable {
    package enum Action: Sendable, Hashable {
        case restart(afterMilliseconds: Int)
        case quarantine(reason: String)
    }

    /// The delay is up to a fifth shorter or longer, so that plugins which fell together do not rise together.
    private static let jitter = 0.2

    private let limits: RestartLimits
    private let restarts: Manifest.IsolationWish.Restart
    /// When the faults within the window were, oldest first.
    private var recent: [UInt64] = []
    /// How many delays have been handed out since the last quiet time.
    private var delays = 0

    package init(limits: RestartLimits = RestartLimits(), restart: Manifest.IsolationWish.Restart = .reload) {
        self.limits = limits
        restarts = restart
    }

    /// How many faults count at `now`.
    package func faults(at now: UInt64) -> Int { recent.count { isRecent($0, at: now) } }

    /// Takes note of a fault.
    package mutating func fault(_ kind: FaultKind, at now: UInt64, random: Double) -> Action {
        if recent.last.map({ isRecent($0, at: now) }) != true { delays = 0 }
        recent = recent.filter { isRecent($0, at: now) }
        recent.append(now)
        if restarts == .never {
            return .quarantine(reason: "it \(kind.phrase), and its skill.yaml says `restart: never`")
        }
        guard recent.count < limits.maxFaults else {
            let faults = recent.count == 1 ? "1 fault" : "\(recent.count) faults"
            return .quarantine(reason: "\(faults) within \(windowText), at last it \(kind.phrase)")
        }
        return .restart(afterMilliseconds: nextDelay(random))
    }

    /// Forgets all faults, as when the operator restarts the plugin.
    package mutating func reset() {
        recent = []
        delays = 0
    }

    private mutating func nextDelay(_ random: Double) -> Int {
        var delay = limits.firstDelayMilliseconds
        for _ in 0..<delays where delay < limits.maxDelayMilliseconds { delay *= 2 }
        delays += 1
        let factor = 1 - Self.jitter + 2 * Self.jitter * random
        return Int((Double(min(delay, limits.maxDelayMilliseconds)) * factor).rounded())
    }

    private func isRecent(_ moment: UInt64, at now: UInt64) -> Bool {
        now < moment || now - moment < UInt64(limits.windowSeconds) * 1_000_000_000
    }

    private var windowText: String {
        let seconds = limits.windowSeconds
        return seconds >= 60 && seconds % 60 == 0 ? "\(seconds / 60) minutes" : "\(seconds) seconds"
    }
}
