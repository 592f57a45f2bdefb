import Glibc

/// CLOCK_MONOTONIC in nanoseconds: the clock in which the plugin API states deadlines.
package enum MonotonicClock {
    package static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }

    /// `now` plus a duration, without overflow.
    package static func deadline(in duration: Duration) -> UInt64 {
        now().addingClamped(duration.nanoseconds)
    }

    /// What is left until a deadline; zero when it has passed.
    package static func left(until deadline: UInt64) -> Duration {
        let now = now()
        return .nanoseconds(Int64(clamping: deadline > now ? deadline - now : 0))
    }
}

extension UInt64 {
    /// The sum, or the largest number there is.
    package func addingClamped(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}

extension Duration {
    /// Whole nanoseconds; none for what is negative, and without end for the 292 years that 63 bits do not hold.
    package var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0 else { return 0 }
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max : UInt64(product) + UInt64(max(0, attoseconds) / 1_000_000_000)
    }
}
