import PluginRuntime

/// The clock and the dice of the pipeline, passed in so that tests can hold them still.
package struct ChatTime: Sendable {
    /// Nanoseconds of CLOCK_MONOTONIC.
    package let now: @Sendable () -> UInt64
    /// Throws when the task is cancelled.
    package let sleep: @Sendable (Duration) async throws -> Void
    /// At least 0 and below 1.
    package let random: @Sendable () -> Double

    package init(
        now: @escaping @Sendable () -> UInt64,
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        random: @escaping @Sendable () -> Double
    ) {
        self.now = now
        self.sleep = sleep
        self.random = random
    }

    package static let system = ChatTime(
        now: MonotonicClock.now,
        sleep: { try await Task.sleep(for: $0) },
        random: { Double.random(in: 0..<1) }
    )

    func moment(_ start: UInt64, plus duration: Duration) -> UInt64 { start.addingClamped(duration.nanoseconds) }

    func left(until deadline: UInt64) -> Duration {
        let now = now()
        return deadline > now ? .nanoseconds(Int64(clamping: deadline - now)) : .zero
    }
}
