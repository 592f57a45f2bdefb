/// How much was counted in the last minute: a sliding window of 241 buckets of a quarter of a second.
///
/// What is counted at a moment belongs to that moment's bucket and goes with it, once the whole bucket is a minute old:
/// after 60 to 60.25 seconds. So no stretch of 60 seconds, wherever it begins, ever holds more than the limit, and at
/// most a quarter of a second of what would be allowed is lost. The cost is constant, whatever the limit.
///
/// Time is nanoseconds of a clock that never goes back.
struct SlidingWindow {
    static let bucketNanoseconds: UInt64 = 250_000_000
    static let bucketCount: UInt64 = 241

    private var buckets = [Int](repeating: 0, count: Int(bucketCount))
    private var newest: UInt64
    /// The last bucket into which something was counted.
    private var lastCounted: UInt64
    private(set) var total = 0

    init(now: UInt64) {
        newest = now / Self.bucketNanoseconds
        lastCounted = newest
    }

    /// The bucket of the present moment.
    var tick: UInt64 { newest }

    /// Lets go of what is too old.
    mutating func advance(to now: UInt64) {
        let tick = now / Self.bucketNanoseconds
        guard tick > newest else { return }
        for passed in 1...min(tick - newest, Self.bucketCount) {
            let slot = Int((newest + passed) % Self.bucketCount)
            total -= buckets[slot]
            buckets[slot] = 0
        }
        newest = tick
    }

    mutating func count(_ amount: Int) {
        buckets[Int(newest % Self.bucketCount)] += amount
        total += amount
        lastCounted = newest
    }

    /// Changes what was counted in an earlier bucket, unless that is gone; never to less than nothing.
    mutating func adjust(by difference: Int, at tick: UInt64) {
        guard tick <= newest, newest - tick < Self.bucketCount else { return }
        let slot = Int(tick % Self.bucketCount)
        let change = max(difference, -buckets[slot])
        buckets[slot] += change
        total += change
    }

    /// How long until `amount` more fits below the limit; nil if it never does.
    func wait(for amount: Int, limit: Int, now: UInt64) -> UInt64? {
        guard amount <= limit else { return nil }
        var excess = total - (limit - amount)
        guard excess > 0 else { return 0 }
        let oldest = newest - min(newest, Self.bucketCount - 1)
        for tick in oldest...newest {
            excess -= buckets[Int(tick % Self.bucketCount)]
            if excess <= 0 { return end(of: tick, now: now) }
        }
        return end(of: newest, now: now)
    }

    /// How long until nothing counts any more.
    func reset(now: UInt64) -> UInt64 {
        total == 0 ? 0 : end(of: lastCounted, now: now)
    }

    private func end(of tick: UInt64, now: UInt64) -> UInt64 {
        let end = (tick + Self.bucketCount) * Self.bucketNanoseconds
        return end > now ? end - now : 0
    }
}
