import Core
import Gateway
import PluginRuntime
import PraximousJSON
import Synchronization
import Testing

@Suite("What plugins ask of models") struct ModelInvocationTests {
    private final class Heard: InvocationEvents {
        private let state = Mutex((kinds: [String](), outcome: CallOutcome?.none))
        var kinds: [String] { state.withLock { $0.kinds } }
        var outcome: CallOutcome? { state.withLock { $0.outcome } }
        func event(_ event: CallEvent) { state.withLock { $0.kinds.append(event.kind) } }
        func end(_ outcome: CallOutcome) { state.withLock { $0.outcome = outcome } }
    }

    private static let completion =
        #"{"id":"c","choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1}}"#

    /// How a plugin's request ends, and what the provider was asked.
    private func outcome(
        _ capability: ModelInvocation.Capability,
        _ request: String,
        script: [ScriptedRunner.Act],
        maxTokens: Int? = nil,
        wantsEvents: Bool = false,
        clientTrace: TraceContext? = nil
    ) async throws -> (Heard, ScriptedRunner) {
        let time = VirtualTime()
        let runner = ScriptedRunner("a", time, [script])
        let gateway = try TestGateway(time: time) { _ in [runner] }
        let tasks = CallTasks()
        let skills = SkillTable { _, _ throws(Refusal) in runner }
        let invocations = SkillInvocations(
            skills: skills,
            pipeline: RequestPipeline(
                skills: skills,
                audit: gateway.audit,
                defaultTimeout: .seconds(1),
                refresh: { false }
            ),
            tasks: tasks,
            chat: gateway.pipeline
        )
        var context = CallContext(requestID: "r", keyID: "k")
        context.principal = TestGateway.principal
        context.clientTrace = clientTrace
        let invocation = ModelInvocation(
            parent: ServedCall(context: context, deadline: .max) { false },
            capability: capability,
            model: "a",
            request: Array(request.utf8),
            maxTokens: maxTokens,
            wantsEvents: wantsEvents
        )
        let heard = Heard()
        await time.run {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await tasks.run() }
                _ = try? invocations.start(invocation, heard)
                while heard.outcome == nil { await Task.yield() }
                group.cancelAll()
            }
        }
        // It has a place among the calls under way already: that of the call it serves.
        let areChildren = Set(gateway.outcomes.asked.map(\.isChild))
        #expect(areChildren.isSubset(of: [true]))
        return (heard, runner)
    }

    @Test(
        "an answer comes as OpenAI writes it, with no more tokens than the permission allows",
        arguments: [
            (#"{"messages":[]}"#, 50, "max_tokens", 50), (#"{"messages":[],"max_tokens":9}"#, 50, "max_tokens", 9),
            (#"{"messages":[],"max_tokens":90}"#, 50, "max_tokens", 50),
            (#"{"messages":[],"max_completion_tokens":90}"#, 50, "max_completion_tokens", 50),
            (#"{"messages":[],"max_tokens":90}"#, nil, "max_tokens", 90),
        ] as [(String, Int?, String, Int)]
    )
    func chats(request: String, maxTokens: Int?, key: String, expected: Int) async throws {
        let (heard, runner) = try await outcome(
            .chat,
            request,
            script: [.finish(Self.completion)],
            maxTokens: maxTokens
        )
        guard case .result(let bytes)? = heard.outcome else { return #expect(Bool(false)) }
        #expect(bytes == Array(Self.completion.utf8))
        #expect(runner.calls.first?.body[key] == .integer(expected))
        #expect(runner.calls.first?.body["model"] == "a-model")
    }

    @Test("asked for events, it hears each piece of the answer")
    func streams() async throws {
        let (heard, _) = try await outcome(.chat, #"{"messages":[]}"#, script: .healthy, wantsEvents: true)
        #expect(heard.kinds == Array(repeating: "delta", count: 61))
        guard case .result? = heard.outcome else { return #expect(Bool(false)) }
    }

    @Test("they go on in the trace of the request that the plugin serves, or in one under its id")
    func traces() async throws {
        let client = TraceContext(traceID: TraceID(high: 1, low: 2), spanID: 3, isSampled: true)
        let request = #"{"messages":[]}"#
        let script = [ScriptedRunner.Act.finish(Self.completion)]
        let (_, within) = try await outcome(.chat, request, script: script, clientTrace: client)
        #expect(within.calls.map { $0.trace?.traceID } == [client.traceID])
        #expect(within.calls.first?.trace?.spanID != client.spanID)
        let (_, alone) = try await outcome(.chat, request, script: script)
        let own = RequestTrace(requestID: "r", client: nil, sample: 1)
        #expect(alone.calls.map { $0.trace?.traceID } == [own.traceID])
    }

    @Test("vectors come as numbers")
    func embeds() async throws {
        let event = CallEvent(kind: "vectors", json: Array(#"{"dims":2,"count":1,"data":"AACAPwAAAEA="}"#.utf8))
        let (heard, runner) = try await outcome(
            .embed,
            #"{"input":"x"}"#,
            script: [.event(event), .finish(#"{"usage":{"prompt_tokens":5}}"#)]
        )
        guard case .result(let bytes)? = heard.outcome else { return #expect(Bool(false)) }
        let result = try JSON.parse(bytes)
        #expect(result["data"] == [["index": 0, "embedding": [1, 2]]])
        #expect(runner.calls.first?.body["input"] == ["x"])
    }

    @Test(
        "what cannot be asked is refused",
        arguments: ["7", #"{"input":[]}"#, #"{"input":[7]}"#, #"{"input":["a",7]}"#]
    )
    func refuses(request: String) async throws {
        let (heard, runner) = try await outcome(.embed, request, script: [])
        guard case .failure(let failure)? = heard.outcome else { return #expect(Bool(false)) }
        #expect(failure.code == "invalid_request")
        #expect(runner.calls.isEmpty)
    }
}
