import Core
import PluginRuntime
import PraximousJSON

/// One streamed answer: its chunks go from the providers to the reader, and a cut is met by the route's rules.
///
/// Nothing goes out before an attempt has brought something of an answer, so that whatever fails before stays unseen.
/// Not Sendable: it belongs to the task of its request.
final class StreamedChat {
    private enum Control {
        case goOn
        case stop(Failure)
    }

    /// Chunks that say nothing yet are kept back up to this size.
    private static let maxHeldBytes = 64 << 10
    /// How far a provider may be ahead of what is read of its answer here.
    private static let maxAheadBytes = 32 << 10

    private let run: RouteRun
    private let request: ChatRequest
    private let prompt: ChatPrompt
    private let events: ChatEventQueue
    private let stall: Duration
    private let callContext: CallContext
    private var transcript: StreamTranscript
    /// Why the answer must be taken up by another provider; nil while it was never cut.
    private var cut: Failure?
    private var continuation: Continuation?
    private var held: [[UInt8]] = []
    private var heldBytes = 0
    /// Whether the attempt under way has brought anything to the reader.
    private var hasEmitted = false
    private var route: ChatEvent?
    /// The attempt under way, as the breaker of its provider sees it.
    private var pass: (candidate: RouteCandidate, CircuitBreaker.Pass)?

    init(
        _ run: RouteRun,
        _ request: ChatRequest,
        _ prompt: ChatPrompt,
        events: ChatEventQueue,
        stall: Duration,
        context: CallContext
    ) {
        self.run = run
        self.request = request
        self.prompt = prompt
        self.events = events
        self.stall = stall
        callContext = context
        transcript = StreamTranscript(keepsText: run.settings.onCut == .continue && prompt.isContinuable)
    }

    /// The provider whose words have gone out last; nil while none have.
    private(set) var answering: String?

    /// How many bytes of text have gone out.
    func outputBytes() -> Int { transcript.outputBytes() }

    /// Streams the answer; returns what the provider said at its end.
    func answer() async throws(Failure) -> (result: [UInt8], candidate: RouteCandidate) {
        var step = run.start()
        var mode = Continuation.Mode.prefill
        var reason: String?
        while case .ask(let index, let pause) = step {
            try await run.pause(pause)
            let candidate = run.candidates[index]
            let failure: Failure
            switch await attempt(candidate, mode, reason) {
            case .result(let bytes): return (bytes, candidate)
            case .failure(let end): failure = end.named(candidate.provider)
            }
            reason = failure.code
            if hasEmitted {
                step = try await afterCut(failure)
                mode = .prefill
            } else if let cut {
                step = try afterRefusedContinuation(failure, cut, index, &mode)
            } else {
                step = run.failed(failure)
            }
        }
        throw cut ?? run.finalFailure
    }

    /// The reader has part of an answer.
    private func afterCut(_ failure: Failure) async throws(Failure) -> FailoverPlan.Step {
        let interrupted = cut ?? .interrupted(failure)
        guard failure.code != Failure.diverged.code else { throw interrupted }
        switch UpstreamFault(failure) {
        case .wrong, .refused, .cancelled: throw failure
        case .passing, .limited, .overloaded, .late, .unable: break
        }
        run.extendDeadline()
        if request.allowsReset {
            let step = run.failed(failure, as: .unable)
            guard step != .stop, await events.send(.reset) else { throw interrupted }
            transcript = StreamTranscript(keepsText: false)
            return step
        }
        guard run.settings.onCut == .continue, prompt.isContinuable, transcript.continuableText() != nil else {
            throw interrupted
        }
        cut = interrupted
        return run.failed(failure, as: .unable)
    }

    /// What was asked to go on with a cut answer did not.
    private func afterRefusedContinuation(
        _ failure: Failure,
        _ cut: Failure,
        _ index: Int,
        _ mode: inout Continuation.Mode
    ) throws(Failure) -> FailoverPlan.Step {
        guard failure.code != Failure.diverged.code else { throw cut }
        switch UpstreamFault(failure) {
        case .cancelled: throw failure
        case .wrong, .refused:
            // The client never sent a message that ends in the assistant's words: ask for what it sent.
            guard mode == .prefill, run.askAgain() else { throw cut }
            mode = .replay
            return .ask(candidate: index, after: .zero)
        case .passing, .limited, .overloaded, .late, .unable:
            mode = .prefill
            return run.failed(failure)
        }
    }

    private func attempt(
        _ candidate: RouteCandidate,
        _ mode: Continuation.Mode,
        _ reason: String?
    ) async -> CallOutcome {
        let text = cut == nil ? nil : transcript.continuableText()
        continuation = text.map { Continuation(mode, of: $0) }
        held = []
        heldBytes = 0
        hasEmitted = false
        route = .routed(
            provider: candidate.provider,
            model: candidate.model,
            attempt: run.attempts,
            reason: reason
        )
        pass = (candidate, run.begin(candidate))
        let begun = run.time.now()
        let outcome = await pump(
            candidate,
            prompt.parameters(for: candidate.model, prefill: mode == .prefill ? text : nil)
        )
        let failure: Failure? = if case .failure(let failure) = outcome { failure } else { nil }
        run.attempted(candidate, since: begun, failure)
        endPass(failure)
        return outcome
    }

    private func endPass(_ failure: Failure?) {
        guard let (candidate, pass) = pass else { return }
        run.end(candidate, pass, failure)
        self.pass = nil
    }

    private func pump(_ candidate: RouteCandidate, _ parameters: [UInt8]) async -> CallOutcome {
        let queue = EventQueue(windowBytes: Self.maxAheadBytes)
        let caller = run.caller(of: candidate)
        let watch = AttemptWatch(limits, provider: candidate.provider, time: run.time)
        let call = SkillCall(
            operation: "chat",
            parameters: parameters,
            context: run.traced(callContext),
            timeout: RouteRun.longestStream,
            events: queue
        )
        return await withTaskGroup(of: CallOutcome?.self) { [events] group in
            group.addTask {
                let outcome = await caller.call(call)
                queue.close()
                return outcome
            }
            group.addTask {
                guard await watch.run() else { return nil }
                // Ends the reading below, whichever side it waits for.
                queue.close()
                if events.waitingSince != nil { events.close() }
                return nil
            }
            var control = await read(queue, watch)
            var outcome: CallOutcome?
            if case .goOn = control, watch.verdict == nil {
                while outcome == nil, let next = await group.next() { outcome = next }
            }
            group.cancelAll()
            await group.waitForAll()
            if case .result? = outcome, case .goOn = control {
                control = await finish()
            } else if let failure = watch.verdict {
                return .failure(failure)
            }
            if case .stop(let failure) = control { return .failure(failure) }
            return outcome ?? .failure(.callCancelled)
        }
    }

    private var limits: AttemptWatch.Limits {
        // Giving up on the last one that could answer helps nobody before the deadline.
        let patience = run.hasAlternative ? min(run.settings.firstTokenLimit, run.left) : run.left
        return AttemptWatch.Limits(
            firstToken: patience,
            idle: run.settings.idleLimit,
            stall: stall,
            deadline: run.clientDeadline
        )
    }

    private func read(_ queue: EventQueue, _ watch: AttemptWatch) async -> Control {
        var begun = run.time.now()
        while let event = await queue.next() {
            run.waited(since: begun)
            if event.kind == "delta", case .stop(let failure) = await take(event.json, watch) {
                return .stop(failure)
            }
            begun = run.time.now()
        }
        run.waited(since: begun)
        return .goOn
    }

    private func take(_ sent: [UInt8], _ watch: AttemptWatch) async -> Control {
        guard let bytes = UsageChunk.credible(sent) else { return .goOn }
        if continuation != nil { return await takeContinued(bytes, watch) }
        if hasEmitted { return await send(bytes, watch) }
        guard let chunk = ChatChunk(bytes) else { return .goOn }
        held.append(bytes)
        heldBytes += bytes.count
        guard chunk.isMeaningful || heldBytes > Self.maxHeldBytes else { return .goOn }
        return await flush(watch)
    }

    private func flush(_ watch: AttemptWatch?) async -> Control {
        let chunks = held
        held = []
        for chunk in chunks {
            if case .stop(let failure) = await send(chunk, watch) { return .stop(failure) }
        }
        return .goOn
    }

    private func send(_ bytes: [UInt8], _ watch: AttemptWatch?) async -> Control {
        let begun = run.time.now()
        watch?.handsOn(at: begun)
        if let route {
            self.route = nil
            if case .routed(let provider, _, _, _) = route { answering = provider }
            events.began(overheadNanoseconds: run.overheadNanoseconds)
            guard await events.send(route) else { return .stop(.callCancelled) }
        }
        if !hasEmitted, let (candidate, _) = pass {
            // A provider that answers is well: the answer may take long, and what follows counts for itself.
            endPass(nil)
            pass = (candidate, run.begin(candidate))
        }
        hasEmitted = true
        transcript.append(bytes)
        guard await events.send(.chunk(bytes)) else { return .stop(.callCancelled) }
        run.waited(since: begun)
        let now = run.time.now()
        run.sentContent(at: now)
        watch?.waits(at: now)
        return .goOn
    }

    /// A chunk of a provider that goes on with what another one began.
    private func takeContinued(_ bytes: [UInt8], _ watch: AttemptWatch) async -> Control {
        guard let chunk = ChatChunk(bytes) else { return .goOn }
        guard !chunk.isBeyondText else { return .stop(.diverged) }
        let content = chunk.content ?? ""
        var verdict = content.isEmpty ? .emit([]) : continuation?.take(Array(content.utf8)) ?? .diverged
        if chunk.finishReason != nil {
            switch (verdict, continuation?.end()) {
            case (.diverged, _): break
            case (.emit(let new), .emit(let more)?): verdict = .emit(new + more)
            case (.hold, let end?): verdict = end
            case (_, _): verdict = .diverged
            }
        }
        if chunk.isMeaningful { watch.waits(at: run.time.now()) }
        switch verdict {
        case .hold: return .goOn
        case .diverged: return .stop(.diverged)
        case .emit(let new):
            guard !new.isEmpty || chunk.finishReason != nil || chunk.hasUsage else { return .goOn }
            let text = String(decoding: new, as: UTF8.self)
            let own = chunk.continuing(id: transcript.id, created: transcript.created, content: text)
            return await send(own.encoded, watch)
        }
    }

    /// The provider has said that the answer is whole.
    private func finish() async -> Control {
        if var continuation, continuation.end() != .emit([]) { return .stop(.diverged) }
        return await flush(nil)
    }
}

extension Failure {
    /// A cut answer, by whatever it was cut.
    fileprivate static func interrupted(_ cause: Failure) -> Failure {
        Failure(
            .upstream,
            code: "stream_interrupted",
            message: "The answer broke off before it was whole: \(cause.message)",
            hint: "What has come so far is not the whole answer. Try again."
        )
    }

    /// Never seen by a caller: the cut that came before is the answer.
    static let diverged = Failure(
        .upstream,
        code: "continuation_diverged",
        message: "The provider did not go on with the answer that another one had begun."
    )
}
