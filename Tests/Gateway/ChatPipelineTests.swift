import Audit
import Core
import Gateway
import PluginRuntime
import PraximousJSON
import Testing

@Suite("Requests of models") struct ChatPipelineTests {
    private static let completion =
        #"{"x_request_id":"req-9","id":"c","model":"m","choices":[{"index":0,"message":{"role":"assistant","#
        + #""content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}"#

    @Test("a whole answer passes byte for byte, and says who gave it and what it took")
    func whole() async throws {
        let gateway = try TestGateway { time in
            [
                ScriptedRunner("a", time, [[.fail(.serverError)]]),
                ScriptedRunner("b", time, [[.wait(.milliseconds(300)), .finish(Self.completion)]]),
            ]
        }
        let answer = try await gateway.whole().get()
        #expect(answer.completion == Array(Self.completion.utf8))
        #expect(answer.provider == "b")
        #expect(answer.model == "b-model")
        #expect(answer.attempts == 3)
        #expect(answer.usage == TokenUsage(inputTokens: 3, outputTokens: 2))
        #expect(answer.finishReason == "stop")
        #expect(answer.vendorRequestID == "req-9")
        #expect(answer.costMicros == 42)
        #expect(answer.latencyMicroseconds == 800_000)
        #expect(answer.overheadMicroseconds == 0)
        let events = try await gateway.audit.page().events
        #expect(events.map(\.event.provider) == ["b"])
        #expect(events.map(\.event.status) == [.success])
        #expect(events.map(\.event.operation) == ["chat"])
    }

    @Test("while somebody else could answer, a whole answer may take two thirds of what is left")
    func limits() async throws {
        let gateway = try TestGateway { time in
            [ScriptedRunner("a", time, [[.hang]]), ScriptedRunner("b", time, [[.hang]])]
        }
        guard case .failure(let failure) = await gateway.whole() else { return #expect(Bool(false)) }
        #expect(failure.code == "upstream_timeout")
        #expect(gateway.time.seconds == 60)
    }

    @Test("a client's own deadline holds over everything, also in the middle of a stream")
    func clientDeadline() async throws {
        let gateway = try TestGateway { time in
            [ScriptedRunner("a", time, [Array(repeating: [.say("a"), .wait(.seconds(1))], count: 90).flatMap { $0 }])]
        }
        var request = TestGateway.request()
        request.deadline = .seconds(20)
        let result = await gateway.stream(request)
        #expect(result.code == "stream_interrupted")
        #expect(result.seconds == 20)
    }

    @Test("without one, an answer goes on for as long as tokens come")
    func longStream() async throws {
        let gateway = try TestGateway { time in
            [
                ScriptedRunner(
                    "a",
                    time,
                    [
                        Array(repeating: [.say("a"), .wait(.seconds(10))], count: 10).flatMap { $0 }
                            + [.finish([ScriptedRunner.Act].summary)]
                    ]
                )
            ]
        }
        let result = await gateway.stream()
        #expect(result.text == "aaaaaaaaaa")
        #expect(result.seconds == 100)
    }

    @Test("the only provider is waited for until the deadline")
    func onlyProvider() async throws {
        let gateway = try TestGateway { time in [ScriptedRunner("a", time, [[.wait(.seconds(40))] + .healthy])] }
        let result = await gateway.stream()
        #expect(result.code == nil)
        #expect(result.seconds == 40)
    }

    @Test(
        "a client that leaves ends the call at the provider, before the first token too, and nobody is blamed",
        arguments: [Failure.callCancelled, .slowConsumer]
    )
    func leaves(because loss: Failure) async throws {
        var runner: ScriptedRunner?
        let gateway = try TestGateway { time in
            let only = ScriptedRunner("a", time, [[.hang]])
            runner = only
            return [only, ScriptedRunner("b", time, [.healthy])]
        }
        let tasks = CallTasks()
        let (pipeline, origin) = (gateway.pipeline, gateway.origin)
        let code = await gateway.time.run { () -> String? in
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await tasks.run() }
                let stream = ChatStream(
                    origin,
                    principal: .success(TestGateway.principal),
                    request: .success(TestGateway.request()),
                    requestBytes: 1,
                    pipeline: pipeline,
                    owner: tasks
                )
                async let event = stream.next()
                try? await gateway.time.sleep(.seconds(1))
                stream.cancel(because: loss)
                #expect(await event == nil)
                let result = await stream.result()
                group.cancelAll()
                if case .failure(let failure) = result { return failure.code }
                return nil
            }
        }
        #expect(code == loss.code)
        #expect(try #require(runner).cancelledAt == [1])
        #expect(try await gateway.audit.page().events.map(\.event.errorCode) == [loss.code])
        #expect(gateway.outcomes.all.count == 1)
    }

    @Test("a reader that stands still for 30 s ends its stream, however patient its route is", arguments: [15, 600])
    func slowReader(idleSeconds: Int) async throws {
        let large = ScriptedRunner.Act.say(String(repeating: "x", count: 50_000))
        let patient = { (route: inout RouteSettings) in route.idleLimit = .seconds(idleSeconds) }
        let gateway = try TestGateway(patient) { time in
            [ScriptedRunner("a", time, [[large, large, .wait(.seconds(1)), large, .wait(.seconds(90))] + .healthy])]
        }
        let (pipeline, origin) = (gateway.pipeline, gateway.origin)
        let code = await gateway.time.run { () -> String? in
            let queue = ChatEventQueue()
            do throws(Failure) {
                _ = try await pipeline.chat(
                    origin,
                    principal: .success(TestGateway.principal),
                    request: .success(TestGateway.request()),
                    requestBytes: 1,
                    events: queue
                )
                return nil
            } catch {
                return error.code
            }
        }
        #expect(code == "slow_consumer")
        #expect(gateway.time.seconds <= 31)
    }

    @Test(
        "who may not ask is refused before anybody is asked, and it is recorded once",
        arguments: [
            (Role.viewer, nil, "", "missing_scope"), (.developer, ["models:invoke:b"], "a", "missing_scope"),
            (.developer, nil, "none", "model_not_found"), (.developer, ["models:invoke:a"], "a", nil),
        ]
            as [(Role, [String]?, String, String?)]
    )
    func scopes(role: Role, scopes: [String]?, model: String, code: String?) async throws {
        let gateway = try TestGateway { time in [ScriptedRunner("a", time, [[.finish(Self.completion)]])] }
        let principal = Principal(keyID: "k", name: "n", role: role, scopes: scopes.map { $0.compactMap(Scope.init) })
        var request = TestGateway.request(isStreaming: false)
        request.model = model
        var found: String?
        do throws(Failure) {
            _ = try await gateway.pipeline.chat(
                gateway.origin,
                principal: .success(principal),
                request: .success(request),
                requestBytes: 1
            )
        } catch {
            found = error.code
        }
        #expect(found == code)
        #expect(try await gateway.audit.page().events.map(\.event.errorCode) == [code])
    }

    @Test("a route's persona is put before the conversation")
    func persona() async throws {
        var runner: ScriptedRunner?
        let gateway = try TestGateway({ $0.persona = .identity }, persona: "You are Acme.") { time in
            let only = ScriptedRunner("a", time, [[.finish(Self.completion)]])
            runner = only
            return [only]
        }
        _ = try await gateway.whole().get()
        #expect(
            try #require(runner).calls.first?.body["messages"] == [
                ["role": "system", "content": "You are Acme."], ["role": "user", "content": "Count to sixty"],
            ]
        )
    }

    @Test("vectors come in the order of their texts; too few of them are no answer")
    func embeds() async throws {
        func vectors(_ data: String) -> ScriptedRunner.Act {
            .event(CallEvent(kind: "vectors", json: Array(#"{"dims":2,"count":1,"data":"\#(data)"}"#.utf8)))
        }
        let end = ScriptedRunner.Act.finish(#"{"model":"m","usage":{"prompt_tokens":5,"total_tokens":5}}"#)
        var runner: ScriptedRunner?
        let gateway = try TestGateway { time in
            let second = ScriptedRunner("b", time, [[vectors("AACAPwAAAEA="), vectors("AAAAAAAAAAA="), end]])
            runner = second
            return [ScriptedRunner("a", time, [[vectors("AACAPwAAAEA="), end]]), second]
        }
        let answer = try await gateway.pipeline.embed(
            gateway.origin,
            principal: .success(TestGateway.principal),
            request: .success(EmbeddingRequest(model: "", inputs: ["x", "y"], dimensions: 2)),
            requestBytes: 1
        )
        #expect(answer.vectors == [1, 2, 0, 0])
        #expect(answer.count == 2)
        #expect(answer.provider == "b")
        #expect(answer.attempts == 2)
        #expect(answer.usage == TokenUsage(inputTokens: 5, outputTokens: 0))
        #expect(try #require(runner).calls.first?.body == ["model": "b-model", "input": ["x", "y"], "dimensions": 2])
        #expect(try #require(runner).calls.first?.operation == "embed")
    }

    @Test("a task that is no skill is served in the shape of the original, and its failures in its words")
    func tasks() async throws {
        let gateway = try TestGateway { time in
            [ScriptedRunner("gemini", time, [[.finish(Self.completion)], [.fail(.overloaded)]])]
        }
        let skills = SkillTable { _, _ throws(Refusal) in preconditionFailure("there are no plugins") }
        let pipeline = RequestPipeline(
            skills: skills,
            audit: gateway.audit,
            defaultTimeout: .seconds(1),
            chat: gateway.pipeline,
            refresh: { false }
        )
        let origin = gateway.origin
        let second = gateway.origin
        let ask: @Sendable (RequestOrigin, String) async -> Result<SkillAnswer, any Error> = { origin, task in
            do {
                return .success(
                    try await pipeline.process(
                        origin,
                        principal: .success(TestGateway.principal),
                        request: .success(
                            SkillRequest(taskType: task, operation: nil, parameters: ["prompt": "Hi"])
                        ),
                        requestBytes: 1
                    )
                )
            } catch {
                return .failure(error)
            }
        }
        let answer = try await gateway.time.run { await ask(origin, "default_llm_tasks") }.get()
        #expect(
            try JSON.parse(answer.result) == [
                "provider": "gemini", "text": "Hello", "message": ["role": "assistant", "content": "Hello"],
            ]
        )
        #expect(answer.message == "Request routed via gemini")
        #expect(answer.provider == "gemini")
        #expect(answer.usage == TokenUsage(inputTokens: 3, outputTokens: 2))
        await #expect {
            _ = try await gateway.time.run { await ask(second, "default_llm_tasks") }.get()
        } throws: { error in
            let failure = error as? Failure
            return failure?.code == "providers_unavailable" && failure?.kind == .unavailable
                && failure?.message == "All LLM providers are currently unavailable."
        }
        await #expect {
            _ = try await ask(gateway.origin, "none").get()
        } throws: { error in
            (error as? Failure)?.message == "Skill or LLM route 'none' not found."
        }
        let events = try await gateway.audit.page().events
        #expect(events.map(\.event.taskType) == ["none", "default_llm_tasks", "default_llm_tasks"])
    }

    @Test("a client that leaves in the middle pays for what came")
    func paysForPart() async throws {
        let gateway = try TestGateway { time in
            [ScriptedRunner("a", time, [.words(0..<4) + [.wait(.seconds(10))] + .healthy])]
        }
        let (pipeline, origin) = (gateway.pipeline, gateway.origin)
        let tasks = CallTasks()
        await gateway.time.run {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await tasks.run() }
                let stream = ChatStream(
                    origin,
                    principal: .success(TestGateway.principal),
                    request: .success(TestGateway.request()),
                    requestBytes: 1,
                    pipeline: pipeline,
                    owner: tasks
                )
                for _ in 0..<5 { _ = await stream.next() }
                stream.cancel()
                if case .failure(let failure) = await stream.result() {
                    #expect(
                        failure.billedUsage == [
                            "input_tokens": 8, "output_tokens": 6, "cached_input_tokens": 0, "estimated": true,
                            "cost": .double(0.000042),
                        ]
                    )
                } else {
                    Issue.record("expected a failure")
                }
                group.cancelAll()
            }
        }
        // "word1 word2 word3 word4 " is 24 bytes.
        #expect(gateway.outcomes.all.map { $0?.usage.outputTokens } == [6])
    }

    @Test("the models a key may ask are listed, each once")
    func models() throws {
        let gateway = try TestGateway { time in [ScriptedRunner("a", time, []), ScriptedRunner("b", time, [])] }
        #expect(
            gateway.pipeline.models(for: TestGateway.principal).map(\.id) == [
                "default_llm_tasks", "a-model", "b-model",
            ]
        )
        let narrow = Principal(
            keyID: "k",
            name: "n",
            role: .developer,
            scopes: ["models:invoke:b-model"].compactMap(Scope.init)
        )
        #expect(gateway.pipeline.models(for: narrow).map(\.id) == ["b-model"])
    }
}
