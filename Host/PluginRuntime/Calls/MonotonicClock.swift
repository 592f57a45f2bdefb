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
        let (seconds, attoseconds) = duration.components
        let nanoseconds = max(0, seconds).multipliedReportingOverflow(by: 1_000_000_000)
        guard !nanoseconds.overflow else { return .max }
        return now() &+ UInt64(nanoseconds.partialValue) &+ UInt64(max(0, attoseconds) / 1_000_000_000)
    }
}
