import Core
import Gateway
import PraximousJSON
import Testing

/// A primary with a fault and a healthy fallback: what the client of a stream gets.
@Suite("Failover of a streamed answer") struct FailoverScenarioTests {
    private static let whole = [ScriptedRunner.Act].sixtyWords.joined()

    struct Scenario: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let primary: [[ScriptedRunner.Act]]
        var fallback: [[ScriptedRunner.Act]] = [.healthy]
        var onCut = RouteSettings.OnCut.error
        var onRefusal = RouteSettings.OnRefusal.error
        var allowsReset = false
        /// Nil is the whole answer and success; otherwise the code of the failure.
        var code: String?
        let routed: [String]
        /// When the primary was asked, in seconds.
        let primaryAt: [Double]
        /// The last moment at which it must be over.
        let within: Double
    }

    private static let scenarios: [Scenario] = [
        Scenario(
            testDescription: "S01: a short Retry-After is waited for",
            primary: [[.fail(.upstream(.rateLimit, "rate_limited", status: 429, retryAfter: 2000))], .healthy],
            routed: ["primary 2 rate_limited"],
            primaryAt: [0, 2.0625],
            within: 3
        ),
        Scenario(
            testDescription: "S02: limited for good",
            primary: [[.fail(.rateLimited)]],
            routed: ["fallback 2 rate_limited"],
            primaryAt: [0],
            within: 1
        ),
        Scenario(
            testDescription: "S03: 500 once",
            primary: [[.fail(.serverError)], .healthy],
            routed: ["primary 2 upstream_error"],
            primaryAt: [0, 0.5],
            within: 1
        ),
        Scenario(
            testDescription: "S04: overloaded for good",
            primary: [[.fail(.overloaded)]],
            routed: ["fallback 2 overloaded"],
            primaryAt: [0],
            within: 1
        ),
        Scenario(
            testDescription: "S05: a reset before the head, once",
            primary: [[.fail(.reset)], .healthy],
            routed: ["primary 2 upstream_unreachable"],
            primaryAt: [0, 0.5],
            within: 1
        ),
        Scenario(
            testDescription: "S06: silence",
            primary: [[.hang]],
            routed: ["fallback 2 upstream_timeout"],
            primaryAt: [0],
            within: 11
        ),
        Scenario(
            testDescription: "S07: a role, and then nothing for 20 s",
            primary: [
                [.chunk(#"{"id":"p","choices":[{"delta":{"role":"assistant","content":""}}]}"#), .wait(.seconds(20))]
                    + .healthy
            ],
            routed: ["fallback 2 upstream_timeout"],
            primaryAt: [0],
            within: 11
        ),
        Scenario(
            testDescription: "S08: a cut is an error",
            primary: [.words(0..<40) + [.fail(.cutOff)]],
            code: "stream_interrupted",
            routed: ["primary 1 -"],
            primaryAt: [0],
            within: 1
        ),
        Scenario(
            testDescription: "S08: a cut is gone on with by a fallback that takes the text so far",
            primary: [.words(0..<40) + [.fail(.cutOff)]],
            fallback: [.words(40..<60) + [.chunk([ScriptedRunner.Act].end), .finish([ScriptedRunner.Act].summary)]],
            onCut: .continue,
            routed: ["primary 1 -", "fallback 2 upstream_cut"],
            primaryAt: [0],
            within: 1
        ),
        Scenario(
            testDescription: "S08: a cut is gone on with by a fallback that begins anew",
            primary: [.words(0..<40) + [.fail(.cutOff)]],
            onCut: .continue,
            routed: ["primary 1 -", "fallback 2 upstream_cut"],
            primaryAt: [0],
            within: 1
        ),
        Scenario(
            testDescription: "S08: a cut starts the answer anew where the client can drop it",
            primary: [.words(0..<40) + [.fail(.cutOff)]],
            allowsReset: true,
            routed: ["primary 1 -", "fallback 2 upstream_cut"],
            primaryAt: [0],
            within: 1
        ),
        Scenario(
            testDescription: "S09: a stall in the middle is an error after 15 s",
            primary: [.words(0..<20) + [.wait(.seconds(30)), .fail(.cutOff)]],
            code: "stream_interrupted",
            routed: ["primary 1 -"],
            primaryAt: [0],
            within: 19
        ),
        Scenario(
            testDescription: "S09: a stall in the middle is gone on with",
            primary: [.words(0..<20) + [.wait(.seconds(30)), .fail(.cutOff)]],
            onCut: .continue,
            routed: ["primary 1 -", "fallback 2 upstream_idle"],
            primaryAt: [0],
            within: 19
        ),
        Scenario(
            testDescription: "S10: a chunk that is no JSON before the answer has begun is left out",
            primary: [[.chunk("{"), .chunk("7")] + .healthy],
            routed: ["primary 1 -"],
            primaryAt: [0],
            within: 1
        ),
        Scenario(
            testDescription: "S12: too long a context is not asked again",
            primary: [[.fail(.upstream(.invalid, "context_length_exceeded", status: 400))]],
            code: "context_length_exceeded",
            routed: [],
            primaryAt: [0],
            within: 1
        ),
        Scenario(
            testDescription: "S13: a content filter's refusal is the answer",
            primary: [[.fail(.upstream(.invalid, "content_filter", status: 400))]],
            code: "content_filter",
            routed: [],
            primaryAt: [0],
            within: 1
        ),
        Scenario(
            testDescription: "S13: a refusal goes elsewhere where the route says so",
            primary: [[.fail(.upstream(.invalid, "content_filter", status: 400))]],
            onRefusal: .failover,
            routed: ["fallback 2 content_filter"],
            primaryAt: [0],
            within: 1
        ),
        Scenario(
            testDescription: "S14: the refusal of a prefill is followed by the original request",
            primary: [.words(0..<40) + [.fail(.cutOff)]],
            fallback: [[.fail(.upstream(.invalid, "invalid_request", status: 400))], .healthy],
            onCut: .continue,
            routed: ["primary 1 -", "fallback 3 invalid_request"],
            primaryAt: [0],
            within: 1
        ),
        Scenario(
            testDescription: "S14: a fallback that says something else leaves the original cut",
            primary: [.words(0..<40) + [.fail(.cutOff)]],
            fallback: [
                [.fail(.upstream(.invalid, "invalid_request", status: 400))],
                [.say("Something else."), .finish([ScriptedRunner.Act].summary)],
            ],
            onCut: .continue,
            code: "stream_interrupted",
            routed: ["primary 1 -"],
            primaryAt: [0],
            within: 1
        ),
        Scenario(
            testDescription: "a fallback that is cut as well leaves the original cut",
            primary: [.words(0..<40) + [.fail(.cutOff)]],
            fallback: [.words(40..<50) + [.fail(.cutOff)]],
            onCut: .continue,
            code: "stream_interrupted",
            routed: ["primary 1 -", "fallback 2 upstream_cut"],
            primaryAt: [0],
            within: 1
        ),
        Scenario(
            testDescription: "a bad key of ours goes elsewhere",
            primary: [[.fail(.upstream(.upstream, "upstream_auth", status: 401))]],
            routed: ["fallback 2 upstream_auth"],
            primaryAt: [0],
            within: 1
        ),
        Scenario(
            testDescription: "when nobody answers, the failure that says most is heard",
            primary: [[.fail(.overloaded)]],
            fallback: [[.fail(.upstream(.upstream, "upstream_auth", status: 401))]],
            code: "overloaded",
            routed: [],
            primaryAt: [0],
            within: 1
        ),
    ]

    @Test("each fault of the exam", arguments: scenarios)
    func survives(scenario: Scenario) async throws {
        var primary: ScriptedRunner?
        let gateway = try TestGateway {
            $0.onCut = scenario.onCut
            $0.onRefusal = scenario.onRefusal
        } providers: { time in
            let first = ScriptedRunner("primary", time, scenario.primary)
            primary = first
            return [first, ScriptedRunner("fallback", time, scenario.fallback)]
        }
        let result = await gateway.stream(TestGateway.request(allowsReset: scenario.allowsReset))
        #expect(result.code == scenario.code)
        #expect(result.routed == scenario.routed)
        #expect(try #require(primary).calls.map(\.seconds) == scenario.primaryAt)
        #expect(result.seconds <= scenario.within)
        guard case .success(let answer) = result.answer else {
            #expect(Self.whole.hasPrefix(result.text))
            #expect(gateway.outcomes.all.map { $0?.candidate.provider } == [nil])
            return
        }
        #expect(result.text == Self.whole)
        #expect(result.ids.count == 1 || scenario.allowsReset)
        let provider = scenario.routed.last?.split(separator: " ").first.map(String.init)
        #expect(answer.provider == provider)
        #expect(answer.model == answer.provider + "-model")
        #expect(answer.usage == TokenUsage(inputTokens: 7, outputTokens: 60))
        #expect(gateway.outcomes.all.map { $0?.candidate.provider } == [provider])
    }

    @Test("S15: a primary that was down for a minute is used again within 30 s of its recovery")
    func recovers() async throws {
        var primary: ScriptedRunner?
        let gateway = try TestGateway { time in
            let first = ScriptedRunner("primary", time, Array(repeating: [.fail(.overloaded)], count: 10) + [.healthy])
            primary = first
            return [first, ScriptedRunner("fallback", time, [.healthy])]
        }
        var providers: [String] = []
        for _ in 0..<20 {
            let result = await gateway.stream()
            #expect(result.text == Self.whole)
            providers.append(try result.answer.get().provider)
            await gateway.time.run { try? await gateway.time.sleep(.seconds(4)) }
        }
        let asked = try #require(primary).calls.map(\.seconds)
        // Five failures open the breaker; after that one probe each 15 s and more.
        #expect(asked.prefix(6).map { $0.rounded() } == [0, 4, 8, 12, 16, 32])
        #expect(providers.prefix(5).allSatisfy { $0 == "fallback" })
    }

    @Test("S11, S16: the usage is reported, estimated where the provider says nothing")
    func usage() async throws {
        let gateway = try TestGateway { time in
            [ScriptedRunner("only", time, [.words(0..<60) + [.finish(#"{"finish_reason":"stop","usage":null}"#)]])]
        }
        let answer = try await gateway.stream().answer.get()
        // 411 bytes of text; "Count to sixty" and one message.
        #expect(answer.usage == TokenUsage(inputTokens: 8, outputTokens: 103, isEstimated: true))
        #expect(answer.finishReason == "stop")
        #expect(answer.costMicros == 42)
    }

    @Test(
        "a usage that no request can have is neither billed nor passed on",
        arguments: [
            #"{"prompt_tokens":-7,"completion_tokens":2}"#, #"{"prompt_tokens":7,"completion_tokens":"two"}"#,
            #"{"prompt_tokens":7,"completion_tokens":10000001}"#, #"{"completion_tokens":2}"#, #""two""#, "[2]", "{}",
            #"{"prompt_tokens":7,"completion_tokens":2,"total_tokens":-9}"#,
            #"{"prompt_tokens":7,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":2.5}}"#,
        ]
    )
    func nonsense(usage: String) async throws {
        let last = #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":\#(usage)}"#
        let alone = #"{"choices":[],"usage":\#(usage)}"#
        let whole = #"{"choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}],"usage":\#(usage)}"#
        let gateway = try TestGateway { time in
            let stream: [ScriptedRunner.Act] = [.say("Hello"), .chunk(last), .chunk(alone)]
            return [
                ScriptedRunner(
                    "only",
                    time,
                    [stream + [.finish(#"{"finish_reason":"stop","usage":\#(usage)}"#)], [.finish(whole)]]
                )
            ]
        }
        let streamed = await gateway.stream()
        let estimate = TokenUsage(inputTokens: 8, outputTokens: 2, isEstimated: true)
        #expect(try streamed.answer.get().usage == estimate)
        let chunks = streamed.events.compactMap { event -> JSON? in
            if case .chunk(let bytes) = event { try? JSON.parse(bytes) } else { nil }
        }
        #expect(chunks.count == 2)
        #expect(chunks.allSatisfy { $0["usage"] == nil })
        #expect(chunks.last?["choices"]?.arrayValue?.first?["finish_reason"] == "stop")
        let answer = try await gateway.whole().get()
        #expect(answer.usage == estimate)
        #expect(
            try JSON.parse(answer.completion)["usage"]
                == ["prompt_tokens": 8, "completion_tokens": 2, "total_tokens": 10, "estimated": true]
        )
        #expect(gateway.outcomes.all.map { $0?.usage } == [estimate, estimate])
    }

    @Test("a stream that brings no token still ends as its provider says")
    func emptyStream() async throws {
        let gateway = try TestGateway { time in
            [
                ScriptedRunner(
                    "only",
                    time,
                    [[.chunk(#"{"choices":[{"delta":{"role":"assistant"}}]}"#), .finish([ScriptedRunner.Act].summary)]]
                )
            ]
        }
        let result = await gateway.stream()
        #expect(result.code == nil)
        #expect(result.events.count == 2)
    }

    @Test("tool calls and several choices are not gone on with", arguments: [true, false])
    func isNotContinued(hasTools: Bool) async throws {
        let tool = #"{"id":"p","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c"}]}}]}"#
        let gateway = try TestGateway {
            $0.onCut = .continue
        } providers: { time in
            [
                ScriptedRunner("primary", time, [[hasTools ? .chunk(tool) : .say("a"), .fail(.cutOff)]]),
                ScriptedRunner("fallback", time, [.healthy]),
            ]
        }
        let result = await gateway.stream(TestGateway.request(hasTools ? [:] : ["n": 2]))
        #expect(result.code == "stream_interrupted")
        #expect(result.routed == ["primary 1 -"])
    }

    @Test("a prefill is the assistant's last words after the client's own messages")
    func prefill() async throws {
        var fallback: ScriptedRunner?
        let gateway = try TestGateway {
            $0.onCut = .continue
        } providers: { time in
            let second = ScriptedRunner("fallback", time, [.words(2..<60) + [.finish([ScriptedRunner.Act].summary)]])
            fallback = second
            return [ScriptedRunner("primary", time, [.words(0..<2) + [.fail(.cutOff)]]), second]
        }
        let result = await gateway.stream()
        #expect(result.text == Self.whole)
        let body = try #require(fallback?.calls.first?.body)
        #expect(
            body["messages"] == [
                ["role": "user", "content": "Count to sixty"], ["role": "assistant", "content": "word1 word2 "],
            ]
        )
        #expect(body["model"] == "fallback-model")
        #expect(body["stream"] == true)
    }
}
