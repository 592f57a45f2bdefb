package import Core
import PluginRuntime
import PraximousJSON

extension ChatPipeline {
    /// Serves one request of vectors; otherwise as ``chat(_:principal:request:requestBytes:events:)``.
    package func embed(
        _ origin: RequestOrigin,
        principal: Result<Principal, Failure>,
        request: Result<EmbeddingRequest, Failure>,
        requestBytes: Int
    ) async throws(Failure) -> EmbeddingAnswer {
        var record = ChatRecord(
            origin,
            principal,
            operation: .embeddings,
            requestBytes: requestBytes,
            observer: observer
        )
        if case .success(let request) = request { record.name(request.model, model: request.model) }
        let result: Result<EmbeddingAnswer, Failure>
        do throws(Failure) {
            let answer = try await serve(origin, try principal.get(), try request.get(), &record)
            let bytes = answer.vectors.count * MemoryLayout<Float>.size
            record.answered(by: answer.provider, bytes: bytes, finishReason: nil)
            result = .success(answer)
        } catch {
            result = .failure(error)
            record.failed(error)
        }
        let times = try await record.write(to: audit, now: time.now())
        var answer = try result.get()
        (answer.latencyMicroseconds, answer.overheadMicroseconds) = times
        return answer
    }

    private func serve(
        _ origin: RequestOrigin,
        _ principal: Principal,
        _ request: EmbeddingRequest,
        _ record: inout ChatRecord
    ) async throws(Failure) -> EmbeddingAnswer {
        guard principal.mayInvoke(model: request.model) else { throw .modelNotAllowed(request.model) }
        let snapshot = providers.snapshot
        let route = try snapshot.resolution.resolve(request.model, provider: request.provider)
        record.resolved(in: snapshot, model: request.model)
        let inputTokens = TokenEstimate.tokens(ofBytes: request.inputs.reduce(0) { $0 + $1.utf8.count })
        let lease = try await admit(
            ChatAdmission.Ask(
                principal: principal,
                model: request.model,
                candidates: route.candidates,
                estimatedInputTokens: inputTokens,
                maxOutputTokens: 0,
                isChild: origin.parentRequestID != nil
            ),
            &record
        )
        let allowed = ResolvedRoute(settings: route.settings, candidates: lease.candidates)
        let run = RouteRun(allowed, record.call, snapshot: snapshot, deadline: request.deadline, context: context)
        defer { record.carriedOut(run, in: snapshot) }
        do throws(Failure) {
            var context = CallContext(requestID: origin.requestID, keyID: principal.keyID)
            context.principal = principal
            context.exchangeLimits = route.settings.exchangeLimits
            var answer = try await ask(run, request, context, inputTokens: inputTokens)
            answer.costMicros = lease.settle(run.bill(answer.provider, answer.usage))
            answer.rateLimit = lease.rateLimit
            record.billed(answer.usage, costMicros: answer.costMicros)
            return answer
        } catch {
            _ = lease.settle(nil)
            throw error
        }
    }

    private func ask(
        _ run: RouteRun,
        _ request: EmbeddingRequest,
        _ context: CallContext,
        inputTokens: Int
    ) async throws(Failure) -> EmbeddingAnswer {
        var vectors = VectorCollector(expected: request.inputs.count)
        let (bytes, candidate) = try await run.whole { candidate, limit in
            let queue = EventQueue()
            let caller = run.caller(of: candidate)
            let call = SkillCall(
                operation: "embed",
                parameters: request.parameters(for: candidate.model),
                context: run.traced(context),
                timeout: limit,
                events: queue
            )
            async let outcome = caller.call(call, closing: queue)
            vectors = VectorCollector(expected: request.inputs.count)
            while let event = await queue.next() { vectors.take(event) }
            let end = await outcome
            guard case .result = end, !vectors.isComplete else { return end }
            return .failure(.badVectors(candidate.provider, vectors.problem))
        }
        let usage = (try? JSON.parse(bytes))?["usage"].flatMap(TokenUsage.init(openAI:))
        return EmbeddingAnswer(
            vectors: vectors.values,
            dimensions: vectors.dimensions,
            provider: candidate.provider,
            model: candidate.model,
            usage: usage ?? TokenUsage(inputTokens: inputTokens, outputTokens: 0, isEstimated: true),
            attempts: run.attempts
        )
    }
}

extension ProviderCaller {
    fileprivate func call(_ call: SkillCall, closing queue: EventQueue) async -> CallOutcome {
        let outcome = await self.call(call)
        queue.close()
        return outcome
    }
}

extension EmbeddingRequest {
    fileprivate func parameters(for model: String) -> [UInt8] {
        var body: JSONObject = ["model": .string(model), "input": .array(inputs.map(JSON.string))]
        if let dimensions { body["dimensions"] = .integer(dimensions) }
        return JSON.object(body).encoded()
    }
}

extension Failure {
    fileprivate static func badVectors(_ provider: String, _ problem: String) -> Failure {
        Failure(.upstream, code: "upstream_bad_answer", message: "\(provider) did not answer with vectors: \(problem).")
    }
}
