import Core
import PluginRuntime

/// One request on its way through the providers of its route: the plan, and what carrying it out takes.
///
/// Not Sendable: it belongs to the task of its request.
final class RouteRun {
    /// A stream whose client set no deadline goes on as long as tokens come, but not longer than this.
    static let longestStream = Duration.seconds(30 * 60)

    let settings: RouteSettings
    let candidates: [RouteCandidate]
    /// The deadline that the client set, in nanoseconds of CLOCK_MONOTONIC.
    let clientDeadline: UInt64?
    private let snapshot: ProviderSnapshot
    private let context: ChatContext
    private var plan: FailoverPlan
    private var deadline: UInt64
    private var failures: [Failure] = []
    /// Nanoseconds in which the request waited for a provider, for the reader or for a pause to end.
    private(set) var waitedNanoseconds: UInt64 = 0
    /// How each time ended that a provider was asked.
    private(set) var finishedAttempts: [ModelCall.Attempt] = []
    /// When the first content went out.
    private(set) var firstTokenAt: UInt64?
    private let startedAt: UInt64
    private let trace: RequestTrace

    var attempts: Int { plan.attempts }
    var hasAlternative: Bool { plan.hasAlternative }
    var time: ChatTime { context.time }

    init(
        _ route: ResolvedRoute,
        _ call: ModelCall,
        snapshot: ProviderSnapshot,
        deadline: Duration?,
        context: ChatContext
    ) {
        startedAt = call.startedAt
        trace = call.trace
        self.context = context
        self.snapshot = snapshot
        settings = route.settings
        candidates = route.ordered(random: context.time.random)
        plan = FailoverPlan(candidates: candidates.count, rules: FailoverPlan.Rules(route.settings))
        let now = context.time.now()
        clientDeadline = deadline.map { context.time.moment(now, plus: $0) }
        self.deadline = min(clientDeadline ?? .max, context.time.moment(now, plus: route.settings.deadline))
    }

    /// How long the next attempt may take: with somebody left to ask, not all that is left.
    var attemptLimit: Duration { plan.hasAlternative ? left * 2 / 3 : left }

    var left: Duration { time.left(until: deadline) }

    func start() -> FailoverPlan.Step { plan.start(isOpen: isOpen) }

    /// What follows a failed attempt; `fault` differs from what the failure says when part of an answer has gone out.
    func failed(_ failure: Failure, as fault: UpstreamFault? = nil) -> FailoverPlan.Step {
        failures.append(failure)
        return plan.failed(
            fault ?? UpstreamFault(failure),
            retryAfter: failure.retryAfterMilliseconds.map { .milliseconds($0) },
            left: left,
            jitter: time.random(),
            isOpen: isOpen
        )
    }

    func askAgain() -> Bool { left > .zero && plan.askAgain() }

    /// An answer that had begun was cut: what goes on with it has as much time again.
    func extendDeadline() {
        guard clientDeadline == nil else { return }
        deadline = time.moment(time.now(), plus: settings.deadline)
    }

    /// What the caller hears when nobody answered: the last failure that says more than that a provider is not set up
    /// right.
    var finalFailure: Failure {
        failures.last { UpstreamFault($0) != .unable } ?? failures.last ?? .noProvider
    }

    /// Waits before an attempt; throws when the caller leaves meanwhile.
    func pause(_ duration: Duration) async throws(Failure) {
        if Task.isCancelled { throw .callCancelled }
        guard duration > .zero else { return }
        let begun = time.now()
        defer { waited(since: begun) }
        do { try await time.sleep(duration) } catch { throw .callCancelled }
    }

    func waited(since begun: UInt64) { waitedNanoseconds &+= time.now() &- begun }

    /// What the request took until now, without what it waited for.
    var overheadNanoseconds: UInt64 {
        let total = time.now() &- startedAt
        return total > waitedNanoseconds ? total - waitedNanoseconds : 0
    }

    func sentContent(at now: UInt64) {
        if firstTokenAt == nil { firstTokenAt = now }
    }

    /// The same for the attempt under way, whose span the provider shall hear of.
    func traced(_ context: CallContext) -> CallContext {
        var context = context
        context.trace = trace.context(ofAttempt: attempts)
        return context
    }

    func attempted(_ candidate: RouteCandidate, since begun: UInt64, _ failure: Failure?) {
        finishedAttempts.append(
            ModelCall.Attempt(
                provider: candidate.provider,
                type: snapshot[candidate.provider]?.entry.plugin.name ?? "",
                model: candidate.model,
                startedAt: begun,
                endedAt: time.now(),
                failure: failure
            )
        )
    }

    func begin(_ candidate: RouteCandidate) -> CircuitBreaker.Pass {
        context.breakers.begin(candidate.provider, at: time.now(), snapshot.breaker)
    }

    func end(_ candidate: RouteCandidate, _ pass: CircuitBreaker.Pass, _ failure: Failure?) {
        let verdict: CircuitBreaker.Verdict =
            failure.map { UpstreamFault($0).countsForBreaker ? .failure : .neutral } ?? .success
        context.breakers.end(candidate.provider, pass, verdict, at: time.now(), snapshot.breaker)
        if verdict != .neutral { context.providers.note(failure, of: candidate.provider) }
    }

    /// What runs the calls of a candidate, and goes on when it is replaced before the call began.
    func caller(of candidate: RouteCandidate) -> ProviderCaller {
        ProviderCaller(
            name: candidate.provider,
            runner: snapshot[candidate.provider]?.runner,
            table: context.providers
        )
    }

    /// Asks one candidate after another until one has answered.
    func whole(
        _ ask: (RouteCandidate, Duration) async -> CallOutcome
    ) async throws(Failure) -> (result: [UInt8], candidate: RouteCandidate) {
        var step = start()
        while case .ask(let index, let pause) = step {
            try await self.pause(pause)
            let candidate = candidates[index]
            let pass = begin(candidate)
            let begun = time.now()
            let limit = attemptLimit
            let outcome = await ask(candidate, limit)
            waited(since: begun)
            switch outcome {
            case .result(let bytes):
                attempted(candidate, since: begun, nil)
                end(candidate, pass, nil)
                return (bytes, candidate)
            case .failure(var failure):
                if failure.code == Failure.deadlinePassed.code { failure = .tooLate(candidate.provider, limit) }
                attempted(candidate, since: begun, failure)
                end(candidate, pass, failure)
                step = failed(failure.named(candidate.provider))
            }
        }
        throw finalFailure
    }

    func bill(_ provider: String, _ usage: TokenUsage?) -> ChatAdmission.Bill? {
        guard let usage, let candidate = candidates.first(where: { $0.provider == provider }) else { return nil }
        return ChatAdmission.Bill(candidate: candidate, usage: usage)
    }

    private func isOpen(_ index: Int) -> Bool {
        context.breakers.isOpen(candidates[index].provider, at: time.now())
    }
}

/// What the requests of one pipeline share.
struct ChatContext: Sendable {
    let providers: ProviderTable
    let breakers: BreakerBook
    let time: ChatTime
}

/// Calls one provider entry.
struct ProviderCaller: Sendable {
    let name: String
    let runner: (any SkillRunner)?
    let table: ProviderTable

    /// How many reloads a call may meet before it begins.
    private static let maxSwitches = 8

    func call(_ call: SkillCall) async -> CallOutcome {
        var runner = runner
        for _ in 0..<Self.maxSwitches {
            guard let current = runner else { break }
            if let outcome = await current.call(call) { return outcome }
            // Retired between the look and the call: another one serves the entry by now.
            let next = table.snapshot[name]?.runner
            runner = next === current ? nil : next
        }
        return .failure(.pluginGone)
    }
}

extension RouteSettings {
    /// Of every exchange that a provider's plugin starts.
    ///
    /// The limits of the first token and of silence are ``AttemptWatch``'s: it knows the answer's tokens, and whether
    /// somebody else is left to ask.
    var exchangeLimits: ExchangeLimits {
        ExchangeLimits(connectMilliseconds: Int(clamping: connectLimit.nanoseconds / 1_000_000))
    }
}

extension FailoverPlan.Rules {
    init(_ settings: RouteSettings) {
        self.init(
            retries: settings.retries,
            attempts: settings.attempts,
            firstBackoff: settings.firstBackoff,
            maxRetryAfter: settings.maxRetryAfter,
            failsOverRefusals: settings.onRefusal == .failover
        )
    }
}

extension Failure {
    fileprivate static func tooLate(_ provider: String, _ limit: Duration) -> Failure {
        Failure(
            .deadline,
            code: "upstream_timeout",
            message: "\(provider) did not answer within \(limit).",
            hint: "Ask for less, or raise the route's deadline_ms."
        )
    }
}
