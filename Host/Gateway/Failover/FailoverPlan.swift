/// Whom to ask next, and when.
///
/// Pure: what happened, the time and the jitter are passed in. One budget of attempts and one deadline hold over
/// everything, whatever the product of providers and retries.
struct FailoverPlan: Sendable {
    struct Rules: Sendable, Hashable {
        /// How often the same provider is asked again.
        var retries = 1
        /// How often providers are asked in all.
        var attempts = 6
        var firstBackoff = Duration.milliseconds(500)
        /// Asked to wait for longer, the next provider is asked instead.
        var maxRetryAfter = Duration.seconds(5)
        /// Whether another model may answer what one has refused.
        var failsOverRefusals = false
    }

    enum Step: Sendable, Hashable {
        /// Ask this candidate after a pause.
        case ask(candidate: Int, after: Duration)
        /// It is over; what failed last, or what failed before and says more, is the answer.
        case stop
    }

    private let rules: Rules
    /// Those not asked yet, in their order.
    private var waiting: [Int]
    private var current: Int?
    private var triesOfCurrent = 0
    private(set) var attempts = 0

    init(candidates: Int, rules: Rules) {
        self.rules = rules
        waiting = Array(0..<max(0, candidates))
    }

    /// Whether somebody else could be asked after the current one.
    var hasAlternative: Bool { !waiting.isEmpty && attempts < rules.attempts }

    /// The first candidate whose breaker is closed, or else the first.
    mutating func start(isOpen: (Int) -> Bool) -> Step { next(isOpen) }

    /// What follows a failed attempt.
    ///
    /// `left` is the time until the deadline, `jitter` at least 0 and below 1.
    mutating func failed(
        _ fault: UpstreamFault,
        retryAfter: Duration? = nil,
        left: Duration,
        jitter: Double,
        isOpen: (Int) -> Bool
    ) -> Step {
        guard left > .zero, attempts < rules.attempts else { return .stop }
        switch fault {
        case .wrong, .cancelled: return .stop
        case .refused: return rules.failsOverRefusals ? next(isOpen) : .stop
        case .late, .unable: return next(isOpen)
        case .passing: return again(after: backoff(jitter), left) ?? next(isOpen)
        case .limited:
            guard let retryAfter else { return later(after: backoff(jitter), left, isOpen) }
            guard retryAfter <= rules.maxRetryAfter else { return next(isOpen) }
            return again(after: retryAfter + rules.firstBackoff * jitter / 4, left) ?? next(isOpen)
        case .overloaded:
            let pause = max(retryAfter ?? .zero, backoff(jitter))
            return pause <= max(rules.maxRetryAfter, rules.firstBackoff * 2)
                ? later(after: pause, left, isOpen) : next(isOpen)
        }
    }

    /// Asks the current candidate once more at once, in another way, if the budget allows it.
    mutating func askAgain() -> Bool {
        guard current != nil, attempts < rules.attempts else { return false }
        attempts += 1
        return true
    }

    /// 500 ms, then twice as long each time, by a half more or less.
    private func backoff(_ jitter: Double) -> Duration {
        rules.firstBackoff * (0.5 + jitter) * Double(1 << min(max(triesOfCurrent - 1, 0), 16))
    }

    private mutating func again(after pause: Duration, _ left: Duration) -> Step? {
        guard let current, triesOfCurrent <= rules.retries, pause < left else { return nil }
        return ask(current, after: pause)
    }

    /// Another one now, or the same one later when there is no other.
    private mutating func later(after pause: Duration, _ left: Duration, _ isOpen: (Int) -> Bool) -> Step {
        let step = next(isOpen)
        return step == .stop ? again(after: pause, left) ?? .stop : step
    }

    private mutating func next(_ isOpen: (Int) -> Bool) -> Step {
        guard attempts < rules.attempts, let index = waiting.firstIndex(where: { !isOpen($0) }) ?? waiting.indices.first
        else { return .stop }
        let candidate = waiting.remove(at: index)
        triesOfCurrent = 0
        return ask(candidate, after: .zero)
    }

    private mutating func ask(_ candidate: Int, after pause: Duration) -> Step {
        current = candidate
        triesOfCurrent += 1
        attempts += 1
        return .ask(candidate: candidate, after: pause)
    }
}
