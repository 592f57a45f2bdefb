/// Whether the other side lives: it is pinged at intervals, and whatever comes from it counts as an answer.
///
/// Pure; times are milliseconds.
struct PingLife: Sendable {
    enum Step: Sendable, Equatable {
        case nothing, ping, dead
    }

    private var lastPing: UInt64
    private var hasHeard = true
    private var missed = 0

    init(now: UInt64) { lastPing = now }

    mutating func heard(_ now: UInt64) {
        hasHeard = true
        missed = 0
    }

    mutating func tick(_ now: UInt64, _ limits: SessionLimits) -> Step {
        guard now >= lastPing + limits.pingMilliseconds else { return .nothing }
        lastPing = now
        if !hasHeard { missed += 1 }
        if missed >= limits.maxMissedPings { return .dead }
        hasHeard = false
        return .ping
    }
}

/// How often a client may ping: a bucket that fills steadily and holds two seconds' worth.
///
/// Pure; times are milliseconds.
struct PingRate: Sendable {
    private let perSecond: Int
    /// In thousandths of a ping.
    private var left: Int
    private var filledAt: UInt64

    init(perSecond: Int, now: UInt64) {
        self.perSecond = perSecond
        left = perSecond * 2000
        filledAt = now
    }

    /// Whether one more may come now.
    mutating func take(_ now: UInt64) -> Bool {
        let elapsed = Int(clamping: min(now - min(now, filledAt), 2000))
        left = min(perSecond * 2000, left + elapsed * perSecond)
        filledAt = now
        guard left >= 1000 else { return false }
        left -= 1000
        return true
    }
}
