import Audit
import Core
import Gateway
import PluginRuntime
import Testing

@Suite("What is measured of requests of models") struct ChatMeasurementTests {
    private static let completion =
        #"{"id":"c","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"#
        + #""finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"#
        + #""prompt_tokens_details":{"cached_tokens":1}}}"#

    @Test("a whole answer: each attempt, who answered, tokens and cost, also in the audit")
    func whole() async throws {
        let gateway = try TestGateway { time in
            [
                ScriptedRunner("a", time, [[.wait(.milliseconds(100)), .fail(.overloaded)]]),
                ScriptedRunner("b", time, [[.wait(.milliseconds(300)), .finish(Self.completion)]]),
            ]
        }
        _ = try await gateway.whole().get()
        let call = try #require(gateway.measured.all.first)
        #expect(gateway.measured.all.count == 1)
        #expect(gateway.measured.streamed == [false])
        #expect(call.operation == .chat)
        #expect(call.attempts.map(\.provider) == ["a", "b"])
        #expect(call.attempts.map(\.type) == ["a", "b"])
        #expect(call.attempts.map { $0.failure?.code } == ["overloaded", nil])
        #expect(call.attempts.map { ($0.endedAt - $0.startedAt) / 1_000_000 } == [100, 300])
        #expect(call.answer?.model == "b-model")
        #expect(call.isRequestModelKnown && call.isResponseModelKnown)
        #expect(call.usage == TokenUsage(inputTokens: 3, outputTokens: 2, cachedInputTokens: 1))
        #expect(call.costMicros == 42)
        #expect(call.finishReason == "stop")
        #expect(call.firstTokenAt == nil)
        #expect(call.failure == nil)
        let use = try await gateway.audit.page().events.first?.event.modelUse
        #expect(
            use == ModelUse(model: "b-model", usage: call.usage, costMicros: 42, attempts: 2)
        )
    }

    @Test("a stream: when its first content went out")
    func stream() async throws {
        let script: [ScriptedRunner.Act] = [.wait(.milliseconds(250))] + .words(0..<2) + [.wait(.seconds(1))]
        let gateway = try TestGateway { time in
            [
                ScriptedRunner(
                    "a",
                    time,
                    [script + [.chunk([ScriptedRunner.Act].end), .finish([ScriptedRunner.Act].summary)]]
                )
            ]
        }
        _ = await gateway.stream()
        let call = try #require(gateway.measured.all.first)
        #expect(gateway.measured.streamed == [true])
        #expect(call.isStreaming)
        #expect(call.firstTokenAt.map { ($0 - call.startedAt) / 1000 } == 250_000)
        #expect((call.endedAt - call.startedAt) / 1000 == 1_250_000)
        #expect(call.overheadNanoseconds == 0)
        let use = try await gateway.audit.page().events.first?.event.modelUse
        #expect(use?.firstTokenMicroseconds == 250_000)
        #expect(use?.usage?.outputTokens == 60)
    }

    @Test("a failure: why, and nobody who answered")
    func failure() async throws {
        let gateway = try TestGateway { time in [ScriptedRunner("a", time, [[.fail(.rateLimited)]])] }
        _ = await gateway.whole()
        let call = try #require(gateway.measured.all.first)
        #expect(call.failure?.code == "rate_limited")
        #expect(call.answer == nil)
        #expect(!call.isRefusedByLimit)
        #expect(call.attempts.count == 2)
        let use = try await gateway.audit.page().events.first?.event.modelUse
        #expect(use == ModelUse(attempts: 2))
    }

    @Test("a model that nobody serves is no name to count under")
    func unknownModel() async throws {
        let gateway = try TestGateway { time in [ScriptedRunner("a", time, [[.finish(Self.completion)]])] }
        var request = TestGateway.request(isStreaming: false)
        request.model = "made-up"
        _ = await gateway.whole(request)
        request.model = "a/a-model"
        _ = await gateway.whole(request)
        #expect(gateway.measured.all.map(\.requestModel) == ["made-up", "a/a-model"])
        #expect(gateway.measured.all.map(\.isRequestModelKnown) == [false, true])
    }

    @Test("each attempt tells the provider a span of its own in the request's trace")
    func spans() async throws {
        let runners = Runners()
        let gateway = try TestGateway { time in
            runners.list = [ScriptedRunner("a", time, [[.fail(.reset)], [.finish(Self.completion)]])]
            return runners.list
        }
        _ = try await gateway.whole().get()
        let call = try #require(gateway.measured.all.first)
        let heard = runners.list[0].calls.map(\.trace)
        #expect(heard.map { $0?.traceID } == [call.trace.traceID, call.trace.traceID])
        #expect(heard.map { $0?.spanID } == [call.trace.spanID(ofAttempt: 1), call.trace.spanID(ofAttempt: 2)])
        #expect(heard.map { $0?.isSampled } == [true, true])
        #expect(call.attempts.count == 2)
    }

    private final class Runners {
        var list: [ScriptedRunner] = []
    }
}
