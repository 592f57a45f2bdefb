import Core
import PluginRuntime
import PraximousJSON

/// One child request of a model under way.
final class ModelRequest: RunningInvocation {
    /// How far a child's events may be ahead of the plugin that reads them.
    private static let maxAheadBytes = 64 << 10

    let stop = StopSignal()
    private let invocation: ModelInvocation
    private let principal: Principal
    private let pipeline: ChatPipeline
    private let events: any InvocationEvents
    private let lead = Lead(maxBytes: maxAheadBytes)

    init(
        invocation: ModelInvocation,
        principal: Principal,
        pipeline: ChatPipeline,
        events: any InvocationEvents
    ) {
        self.invocation = invocation
        self.principal = principal
        self.pipeline = pipeline
        self.events = events
    }

    func cancel() { stop.stop() }
    func consumed(_ bytes: Int) { lead.shrink(by: bytes) }

    func run() async {
        do throws(Failure) {
            let bytes =
                switch invocation.capability {
                case .chat: try await chat()
                case .embed: try await embed()
                }
            events.end(.result(bytes))
        } catch {
            events.end(.failure(error))
        }
    }

    private func chat() async throws(Failure) -> [UInt8] {
        let queue = invocation.wantsEvents ? ChatEventQueue() : nil
        let request = body().map { body in
            ChatRequest(
                model: invocation.model,
                isStreaming: queue != nil,
                body: limited(body),
                dialect: .praximous,
                deadline: MonotonicClock.left(until: invocation.parent.deadline)
            )
        }
        let result = await withTaskGroup(of: Void.self) { group in
            if let queue { group.addTask { [self] in await forward(queue) } }
            let result = await Result.awaiting { () async throws(Failure) in
                try await pipeline.chat(
                    origin,
                    principal: .success(principal),
                    request: request,
                    requestBytes: invocation.request.count,
                    events: queue
                )
            }
            queue?.close()
            lead.end()
            await group.waitForAll()
            return result
        }
        return try result.get().completion
    }

    private func forward(_ queue: ChatEventQueue) async {
        while let event = await queue.next() {
            guard case .chunk(let json) = event else { continue }
            events.event(CallEvent(kind: "delta", json: json))
            await lead.grow(by: json.count)
        }
    }

    /// Asks for no more tokens than the plugin's permission allows.
    private func limited(_ body: JSONObject) -> JSONObject {
        guard let maxTokens = invocation.maxTokens else { return body }
        var body = body
        let key = body["max_completion_tokens"] == nil ? "max_tokens" : "max_completion_tokens"
        body[key] = .integer(min(body[key]?.intValue ?? maxTokens, maxTokens))
        return body
    }

    private func embed() async throws(Failure) -> [UInt8] {
        let request = body().flatMap { body -> Result<EmbeddingRequest, Failure> in
            let texts = body["input"]?.stringValue.map { [$0] } ?? body["input"]?.arrayValue?.compactMap(\.stringValue)
            guard let texts, !texts.isEmpty, texts.count == body["input"]?.arrayValue?.count ?? 1 else {
                return .failure(.noInput)
            }
            return .success(
                EmbeddingRequest(
                    model: invocation.model,
                    inputs: texts,
                    dimensions: body["dimensions"]?.intValue,
                    deadline: MonotonicClock.left(until: invocation.parent.deadline)
                )
            )
        }
        let answer = try await pipeline.embed(
            origin,
            principal: .success(principal),
            request: request,
            requestBytes: invocation.request.count
        )
        let data = (0..<answer.count).map { index -> JSON in
            let vector = answer.vectors[(index * answer.dimensions)..<((index + 1) * answer.dimensions)]
            return ["index": .integer(index), "embedding": .array(vector.map { .double(Double($0)) })]
        }
        let result: JSON = [
            "data": .array(data), "model": .string(answer.model), "usage": answer.usage?.json ?? .null,
        ]
        return result.encoded()
    }

    private func body() -> Result<JSONObject, Failure> {
        (try? JSON.parse(invocation.request))?.objectValue.map { .success($0) } ?? .failure(.noObject)
    }

    /// Of one request, in the trace of the call that waits for it.
    private var origin: RequestOrigin {
        let parent = invocation.parent.context
        var origin = RequestOrigin(
            requestID: RequestID.make(),
            receivedAt: WallClock.system.now(),
            startedAt: MonotonicClock.now(),
            clientAddress: nil
        )
        origin.parentRequestID = parent.requestID
        origin.trace = parent.trace ?? parent.clientTrace
        return origin
    }
}

extension Failure {
    fileprivate static let noObject = Failure(
        .unprocessable,
        code: "invalid_request",
        message: "A request of a model is a JSON object."
    )

    fileprivate static let noInput = Failure(
        .unprocessable,
        code: "invalid_request",
        message: "`input` is a text or a list of texts, and not empty."
    )
}
