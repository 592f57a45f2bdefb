import Core

/// The numbers that the gate goes by.
package struct LimitRules: Sendable, Hashable {
    /// What a call is taken to answer at most when its caller sets no bound.
    package var assumedOutputTokens = 4096
    /// More is not believed, neither of a caller nor of a provider; so no sum can overflow.
    package var maxTokensPerCall = TokenUsage.maxCredibleTokens
    /// How long what was settled may wait to be written together with more.
    package var flushDelay = Duration.milliseconds(10)
    /// How often limits, prices and leases are looked at.
    package var refreshInterval = Duration.seconds(1)
    /// A reservation that was not renewed for so long is given up: its host has died.
    package var lease = Duration.seconds(30)
    /// What was reserved ahead is given back when nothing was spent for so long.
    package var idleReservation = Duration.seconds(30)

    package init() {}
}

extension Duration {
    var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        return UInt64(max(0, seconds)) * 1_000_000_000 + UInt64(max(0, attoseconds) / 1_000_000_000)
    }
}
