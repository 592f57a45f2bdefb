package import Audit
package import Core
import PluginRuntime
import PraximousJSON

/// The one way a request of a model takes: authorise, resolve, admit, ask one provider after another, record.
///
/// It knows no HTTP and no dialect but the inner one, OpenAI's chat completions.
package struct ChatPipeline: Sendable {
    let providers: ProviderTable
    let audit: AuditLog
    let admission: ChatAdmission
    let time: ChatTime
    let observer: ChatObserver
    private let breakers: BreakerBook
    private let stall: Duration
    private let persona: @Sendable () -> String?

    /// `streams.stall` is how long a reader may take for one chunk; `persona` is what identity.yaml says, as a system
    /// prompt, for the routes that want it.
    package init(
        providers: ProviderTable,
        audit: AuditLog,
        admission: ChatAdmission = .open,
        breakers: BreakerBook = BreakerBook(),
        streams: StreamLimits = StreamLimits(),
        observer: ChatObserver = .none,
        persona: @escaping @Sendable () -> String? = { nil },
        time: ChatTime = .system
    ) {
        self.providers = providers
        self.audit = audit
        self.admission = admission
        self.breakers = breakers
        self.time = time
        self.observer = observer
        self.persona = persona
        stall = streams.stall
    }

    /// Serves one request.
    ///
    /// `request` is what the layer above made of it, or why not. `events` gets what a streamed answer brings; it is for
    /// requests with `isStreaming`, and the caller closes it.
    ///
    /// Exactly one audit event is recorded, whatever happens, before this returns or throws; when it cannot be
    /// recorded the request fails with `audit_unavailable`, also when a provider had answered.
    package func chat(
        _ origin: RequestOrigin,
        principal: Result<Principal, Failure>,
        request: Result<ChatRequest, Failure>,
        requestBytes: Int,
        events: ChatEventQueue? = nil
    ) async throws(Failure) -> ChatAnswer {
        var record = ChatRecord(
            origin,
            principal,
            operation: .chat,
            isStreaming: events != nil,
            requestBytes: requestBytes,
            observer: observer
        )
        if case .success(let request) = request {
            record.name(request.taskType ?? request.model, model: request.model)
        }
        let result: Result<ChatAnswer, Failure>
        do throws(Failure) {
            let answer = try await serve(origin, try principal.get(), try request.get(), events, &record)
            record.answered(by: answer.provider, bytes: answer.completion.count, finishReason: answer.finishReason)
            result = .success(answer)
        } catch {
            let failure = error.because(events?.loss)
            result = .failure(failure)
            record.failed(failure)
        }
        let times = try await record.write(to: audit, now: time.now())
        var answer = try result.get()
        (answer.latencyMicroseconds, answer.overheadMicroseconds) = times
        return answer
    }

    private func serve(
        _ origin: RequestOrigin,
        _ principal: Principal,
        _ request: ChatRequest,
        _ events: ChatEventQueue?,
        _ record: inout ChatRecord
    ) async throws(Failure) -> ChatAnswer {
        guard principal.mayInvoke(model: request.model) else { throw .modelNotAllowed(request.model) }
        let snapshot = providers.snapshot
        let route = try snapshot.resolution.resolve(request.model, provider: request.provider)
        record.resolved(in: snapshot, model: request.model)
        let prompt = ChatPrompt(request.body, isStreaming: events != nil, persona: persona(of: route.settings))
        let lease = try await admit(
            ChatAdmission.Ask(
                principal: principal,
                model: request.model,
                candidates: route.candidates,
                estimatedInputTokens: prompt.inputTokens,
                maxOutputTokens: prompt.maxOutputTokens,
                isChild: origin.parentRequestID != nil
            ),
            &record
        )
        events?.rateLimit = lease.rateLimit
        let allowed = ResolvedRoute(settings: route.settings, candidates: lease.candidates)
        let run = RouteRun(allowed, record.call, snapshot: snapshot, deadline: request.deadline, context: context)
        defer { record.carriedOut(run, in: snapshot) }
        var context = CallContext(requestID: origin.requestID, keyID: principal.keyID)
        context.principal = principal
        context.exchangeLimits = route.settings.exchangeLimits
        let stream = events.map { StreamedChat(run, request, prompt, events: $0, stall: stall, context: context) }
        do throws(Failure) {
            var answer = try await ask(run, prompt, stream, context)
            answer.costMicros = lease.settle(run.bill(answer.provider, answer.usage))
            answer.rateLimit = lease.rateLimit
            record.billed(answer.usage, costMicros: answer.costMicros)
            return answer
        } catch {
            let bill = partialBill(of: stream, prompt, run, error)
            let cost = lease.settle(bill)
            guard let bill else { throw error }
            record.billed(bill.usage, costMicros: cost)
            throw error.billed(bill.usage, costMicros: cost)
        }
    }

    func admit(
        _ ask: ChatAdmission.Ask,
        _ record: inout ChatRecord
    ) async throws(Failure) -> ChatAdmission.Lease {
        do throws(Failure) {
            return try await admission.admit(ask)
        } catch {
            record.refusedByLimit()
            throw error
        }
    }

    /// A client that leaves in the middle of an answer has used what came until then, and the provider wants its money.
    private func partialBill(
        of stream: StreamedChat?,
        _ prompt: ChatPrompt,
        _ run: RouteRun,
        _ failure: Failure
    ) -> ChatAdmission.Bill? {
        guard UpstreamFault(failure) == .cancelled, let stream, let provider = stream.answering else { return nil }
        let usage = TokenUsage(
            inputTokens: prompt.inputTokens,
            outputTokens: TokenEstimate.tokens(ofBytes: stream.outputBytes()),
            isEstimated: true
        )
        return run.bill(provider, usage)
    }

    private func ask(
        _ run: RouteRun,
        _ prompt: ChatPrompt,
        _ stream: StreamedChat?,
        _ context: CallContext
    ) async throws(Failure) -> ChatAnswer {
        let (bytes, candidate) =
            if let stream {
                try await stream.answer()
            } else {
                try await run.whole { candidate, limit in
                    await run.caller(of: candidate).call(
                        SkillCall(
                            operation: "chat",
                            parameters: prompt.parameters(for: candidate.model),
                            context: run.traced(context),
                            timeout: limit
                        )
                    )
                }
            }
        let result = ChatResult(bytes)
        let usage =
            result.usage
            ?? TokenUsage(
                inputTokens: prompt.inputTokens,
                outputTokens: TokenEstimate.tokens(ofBytes: stream?.outputBytes() ?? result.outputBytes),
                isEstimated: true
            )
        return ChatAnswer(
            completion: result.usage == nil ? result.counting(usage) ?? bytes : bytes,
            provider: candidate.provider,
            model: candidate.model,
            usage: usage,
            finishReason: result.finishReason,
            attempts: run.attempts,
            vendorRequestID: result.vendorRequestID
        )
    }

    var context: ChatContext { ChatContext(providers: providers, breakers: breakers, time: time) }

    private func persona(of settings: RouteSettings) -> String? {
        switch settings.persona {
        case .none: nil
        case .identity: persona()
        case .text(let text): text
        }
    }
}

extension Failure {
    static func modelNotAllowed(_ model: String) -> Failure {
        Failure(
            .denied,
            code: "missing_scope",
            message: "This API key may not ask the model \(model.quotedForMessage()).",
            hint: "It needs the scope \(Scope.invoke(model: String(model.prefix(64))))."
        )
    }

    static let noProvider = Failure(
        .unavailable,
        code: "no_provider",
        message: "No provider could be asked.",
        hint: "GET /api/v1/providers says how they are."
    )
}
