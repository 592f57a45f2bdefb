package import Core
import Foundation

/// The two clocks of the limits, so that tests can turn them.
package struct LimitClock: Sendable {
    /// Nanoseconds since the kernel's boot, sleep included; never goes back, whoever sets the date.
    ///
    /// For windows and leases.
    package let steady: @Sendable () -> UInt64
    /// For the periods of budgets alone.
    package let wall: WallClock

    package init(steady: @escaping @Sendable () -> UInt64, wall: WallClock) {
        self.steady = steady
        self.wall = wall
    }

    package static let system = LimitClock(
        steady: {
            var time = timespec()
            clock_gettime(CLOCK_BOOTTIME, &time)
            return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
        },
        wall: .system
    )
}
