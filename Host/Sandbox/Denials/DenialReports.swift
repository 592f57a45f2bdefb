/// Lets denials through at a bearable pace, and says how many were held back.
struct DenialReports {
    private var bucket: TokenBucket
    private var dropped = 0
    /// The latest that was held back.
    private var last: Denial?
    private let deliver: @Sendable (Denial) -> Void

    init(perSecond: Int, now: UInt64, deliver: @escaping @Sendable (Denial) -> Void) {
        bucket = TokenBucket(perSecond: perSecond, burst: perSecond, now: now)
        self.deliver = deliver
    }

    mutating func add(_ denial: Denial, now: UInt64) {
        guard bucket.take(now: now) else {
            dropped += 1
            last = denial
            return
        }
        send(denial, droppedBefore: dropped)
    }

    /// At the end: the latest that was held back stands for the others.
    mutating func flush() {
        if let last { send(last, droppedBefore: dropped - 1) }
    }

    private mutating func send(_ denial: Denial, droppedBefore: Int) {
        var denial = denial
        denial.droppedBefore = droppedBefore
        dropped = 0
        last = nil
        deliver(denial)
    }
}
