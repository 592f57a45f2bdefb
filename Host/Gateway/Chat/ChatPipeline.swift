package import Audit
package import Core
import PluginRuntime
import PraximousJSON

/// The one way a request of a model takes: authorise, resolve, ask one provider after another, record.
///
/// It knows no HTTP and no dialect but the inner one, OpenAI's chat completions.
package struct ChatPipeline: Sendable {
    let providers: ProviderTable
    private let audit: AuditLog

    package init(providers: ProviderTable, audit: AuditLog) {
        self.providers = providers
        self.audit = audit
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
        let asked = try? request.get()
        var record = ChatRecord(origin, principal, operation: "chat", requestBytes: requestBytes)
        record.event.taskType = asked.map { String(($0.taskType ?? $0.model).prefix(128)) }
        let result = await serve(origin, principal, request, events, &record)
        return try await record.finish(result, in: audit)
    }

    /// Serves one request of vectors; otherwise as ``chat(_:principal:request:requestBytes:events:)``.
    package func embed(
        _ origin: RequestOrigin,
        principal: Result<Principal, Failure>,
        request: Result<EmbeddingRequest, Failure>,
        requestBytes: Int
    ) async throws(Failure) -> EmbeddingAnswer {
        throw Failure(.unsupported, code: "unsupported_operation", message: "Embeddings are not served yet.")
    }

    /// What a principal may send as `model`: the routes, then the models in the order of the file.
    package func models(for principal: Principal) -> [ModelDescription] {
        let resolution = providers.snapshot.resolution
        var found: [ModelDescription] = []
        for route in resolution.routes {
            guard let first = route.targets.first else { continue }
            found.append(ModelDescription(id: route.name, kind: .route, provider: first.provider))
        }
        for entry in resolution.entries {
            let names = [entry.model] + entry.models.filter(\.isExact).map(\.description)
            found += names.map { ModelDescription(id: $0, kind: .model, provider: entry.name) }
        }
        var seen: Set<String> = []
        return found.filter { principal.mayInvoke(model: $0.id) && seen.insert($0.id).inserted }
    }

    private func serve(
        _ origin: RequestOrigin,
        _ principal: Result<Principal, Failure>,
        _ request: Result<ChatRequest, Failure>,
        _ events: ChatEventQueue?,
        _ record: inout ChatRecord
    ) async -> Result<ChatAnswer, Failure> {
        do throws(Failure) {
            let principal = try principal.get()
            let request = try request.get()
            guard principal.mayInvoke(model: request.model) else { throw .modelNotAllowed(request.model) }
            let snapshot = providers.snapshot
            let route = try snapshot.resolution.resolve(request.model, provider: request.provider)
            var last = Failure.noProvider
            for (index, candidate) in route.candidates.enumerated() {
                guard let provider = snapshot[candidate.provider] else { continue }
                do throws(Failure) {
                    return .success(try await ask(provider, candidate, index + 1, request, origin, events))
                } catch {
                    last = error
                }
            }
            throw last
        } catch {
            return .failure(error)
        }
    }

    private func ask(
        _ provider: ServedProvider,
        _ candidate: RouteCandidate,
        _ attempt: Int,
        _ request: ChatRequest,
        _ origin: RequestOrigin,
        _ events: ChatEventQueue?
    ) async throws(Failure) -> ChatAnswer {
        var body = request.body
        body["model"] = .string(candidate.model)
        body["stream"] = .bool(events != nil)
        let queue = events == nil ? nil : EventQueue()
        let call = SkillCall(
            operation: "chat",
            parameters: JSON.object(body).encoded(),
            context: CallContext(requestID: origin.requestID),
            timeout: request.deadline ?? .seconds(60),
            events: queue
        )
        let runner = provider.runner
        let outcome: CallOutcome?
        if let queue, let events {
            async let ended = Self.run(call, by: runner, closing: queue)
            var isFirst = true
            while let event = await queue.next() {
                if isFirst {
                    _ = await events.send(
                        .routed(provider: candidate.provider, model: candidate.model, attempt: attempt, reason: nil)
                    )
                }
                isFirst = false
                guard await events.send(.chunk(event.json)) else { break }
            }
            outcome = await ended
        } else {
            outcome = await runner.call(call)
        }
        switch outcome ?? .failure(.pluginGone) {
        case .failure(let failure): throw failure
        case .result(let bytes):
            return ChatAnswer(
                completion: bytes,
                provider: candidate.provider,
                model: candidate.model,
                attempts: attempt
            )
        }
    }

    private static func run(_ call: SkillCall, by runner: any SkillRunner, closing queue: EventQueue) async
        -> CallOutcome?
    {
        defer { queue.close() }
        return await runner.call(call)
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
