/// How many lines a plugin may write: a bucket that fills by the second.
///
/// What is too much is dropped and counted.
/// Pure: moments are nanoseconds of CLOCK_MONOTONIC.
package struct LogAllowance: Sendable {
    package enum Verdict: Sendable, Equatable {
        /// The line may be written; so many before it were dropped.
        case write(droppedBefore: Int)
        case drop
    }

    private let linesPerSecond: Double
    private var lines: Double
    private var refilledAt: UInt64 = 0
    private var dropped = 0

    package init(linesPerSecond: Int) {
        self.linesPerSecond = Double(linesPerSecond)
        lines = Double(linesPerSecond)
    }

    package mutating func judge(at now: UInt64) -> Verdict {
        if refilledAt > 0, now > refilledAt {
            lines = min(linesPerSecond, lines + Double(now - refilledAt) / 1e9 * linesPerSecond)
        }
        refilledAt = max(refilledAt, now)
        guard lines >= 1 else {
            dropped += 1
            return .drop
        }
        lines -= 1
        defer { dropped = 0 }
        return .write(droppedBefore: dropped)
    }
}
