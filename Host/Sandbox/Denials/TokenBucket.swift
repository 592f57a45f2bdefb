/// How often something may happen: so many times at once, and then so many times a second.
struct TokenBucket: Sendable {
    private let perSecond: Double
    private let burst: Double
    private var tokens: Double
    private var last: UInt64

    /// `now` is in nanoseconds of any clock that does not go back.
    init(perSecond: Int, burst: Int, now: UInt64) {
        self.perSecond = Double(max(1, perSecond))
        self.burst = Double(max(1, burst))
        tokens = self.burst
        last = now
    }

    /// Takes one; false when there is none.
    mutating func take(now: UInt64) -> Bool {
        refill(now)
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }

    /// Milliseconds until the next one is there; 0 when it is.
    mutating func wait(now: UInt64) -> Int32 {
        refill(now)
        return tokens >= 1 ? 0 : Int32(((1 - tokens) / perSecond * 1000).rounded(.up))
    }

    private mutating func refill(_ now: UInt64) {
        guard now > last else { return }
        tokens = min(burst, tokens + Double(now - last) / 1e9 * perSecond)
        last = now
    }
}
