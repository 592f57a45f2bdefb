import Core
import PluginRuntime
import Synchronization

/// How long one streamed attempt may stand still.
///
/// It runs beside the attempt; whoever moves the chunks tells it what happens.
final class AttemptWatch: Sendable {
    struct Limits: Sendable {
        /// Until the first content, tool call or reasoning.
        var firstToken: Duration
        /// Between two chunks.
        var idle: Duration
        /// Until the reader takes a chunk.
        var stall: Duration
        /// A moment by which the answer must be whole; nil while none is set.
        var deadline: UInt64?
    }

    private enum Phase {
        case beforeToken
        /// Waiting for the provider.
        case upstream
        /// Waiting for the reader.
        case reader
    }

    private struct State {
        var phase = Phase.beforeToken
        var since: UInt64
        var verdict: Failure?
    }

    private let limits: Limits
    private let provider: String
    private let time: ChatTime
    private let state: Mutex<State>

    init(_ limits: Limits, provider: String, time: ChatTime) {
        self.limits = limits
        self.provider = provider
        self.time = time
        state = Mutex(State(since: time.now()))
    }

    /// The limit that has passed; nil while none has.
    var verdict: Failure? { state.withLock { $0.verdict } }

    /// A chunk has come and is being handed on.
    func handsOn(at now: UInt64) { enter(.reader, now) }

    /// The next chunk is due.
    func waits(at now: UInt64) { enter(.upstream, now) }

    private func enter(_ phase: Phase, _ now: UInt64) {
        state.withLock { state in
            state.phase = phase
            state.since = now
        }
    }

    /// Returns true when a limit has passed, false when cancelled.
    func run() async -> Bool {
        while !Task.isCancelled {
            let (due, failure) = next()
            let left = time.left(until: due)
            if left == .zero {
                state.withLock { $0.verdict = failure }
                return true
            }
            // A shorter limit may begin meanwhile: none that does ends before this pause.
            let pause = min(left, max(min(limits.idle, limits.stall), .milliseconds(1)))
            do { try await time.sleep(pause) } catch { return false }
        }
        return false
    }

    private func next() -> (due: UInt64, Failure) {
        let state = state.withLock { $0 }
        let (limit, failure) =
            switch state.phase {
            case .beforeToken: (limits.firstToken, Failure.noFirstToken(from: provider, limits.firstToken))
            case .upstream: (limits.idle, Failure.stoodStill(provider, limits.idle))
            case .reader: (limits.stall, Failure.slowConsumer)
            }
        let due = time.moment(state.since, plus: limit)
        if let deadline = limits.deadline, deadline < due { return (deadline, .deadlineOver) }
        return (due, failure)
    }
}

extension Failure {
    fileprivate static func noFirstToken(from provider: String, _ limit: Duration) -> Failure {
        Failure(
            .deadline,
            code: "upstream_timeout",
            message: "\(provider) did not begin to answer within \(limit).",
            hint: "The route's first_token_ms and deadline_ms set the limits."
        )
    }

    fileprivate static func stoodStill(_ provider: String, _ limit: Duration) -> Failure {
        Failure(
            .deadline,
            code: "upstream_idle",
            message: "\(provider) stopped in the middle of its answer for \(limit).",
            hint: "The route's idle_ms sets the limit."
        )
    }

    static let deadlineOver = Failure(
        .deadline,
        code: "deadline_exceeded",
        message: "No provider had answered by the deadline.",
        hint: "Ask for less, or raise the route's deadline_ms."
    )
}
