import Glibc

/// Which of a transfer's limits is the next to run out, in nanoseconds of CLOCK_MONOTONIC.
struct TransferClock {
    private enum Phase {
        case connecting, awaitingHead, streaming
    }

    private let limits: HTTPLimits
    private let start: UInt64
    private var phase = Phase.connecting
    private var isPaused = false
    private var lastPiece: UInt64

    init(limits: HTTPLimits, now: UInt64) {
        self.limits = limits
        start = now
        lastPiece = now
    }

    mutating func isConnected() {
        if phase == .connecting { phase = .awaitingHead }
    }

    mutating func hasPiece(at now: UInt64) {
        lastPiece = now
        phase = .streaming
    }

    /// A pause stops the clock between two pieces, and no other.
    mutating func pause() { isPaused = true }

    mutating func resume(at now: UInt64) {
        guard isPaused else { return }
        isPaused = false
        lastPiece = now
    }

    /// The target of a redirect is to be connected to within what is left of the same limits.
    mutating func restart() { phase = .connecting }

    var due: UInt64 { Swift.min(phaseDue.at, totalDue) }

    /// What to tell of a limit that has run out by `now`; nil while there is time.
    func error(at now: UInt64) -> HTTPError? {
        let phaseDue = phaseDue
        if phaseDue.at <= now, phaseDue.at <= totalDue {
            return .timedOut(phase: phaseDue.words, milliseconds: phaseDue.milliseconds)
        }
        guard totalDue <= now else { return nil }
        return .timedOut(phase: "for the whole transfer", milliseconds: limits.totalMilliseconds)
    }

    private var totalDue: UInt64 { Self.moment(start, after: limits.totalMilliseconds) }

    private var phaseDue: (at: UInt64, milliseconds: Int, words: String) {
        let (from, milliseconds, words) =
            switch phase {
            case .connecting:
                (start, min(limits.connectMilliseconds, limits.firstByteMilliseconds), "to connect")
            case .awaitingHead: (start, limits.firstByteMilliseconds, "to the first byte")
            case .streaming where isPaused: (start, limits.totalMilliseconds, "for the whole transfer")
            case .streaming: (lastPiece, limits.idleMilliseconds, "between two pieces")
            }
        return (Self.moment(from, after: milliseconds), milliseconds, words)
    }

    private static func moment(_ start: UInt64, after milliseconds: Int) -> UInt64 {
        let (nanoseconds, overflow) = UInt64(max(0, milliseconds)).multipliedReportingOverflow(by: 1_000_000)
        let (moment, isPast) = start.addingReportingOverflow(nanoseconds)
        return overflow || isPast ? .max : moment
    }

    static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }
}
