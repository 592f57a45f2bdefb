import Audit
import Core
import Glibc
import HTTPAPI
import PluginRuntime
import PraximousJSON
import TestSupport
import Testing

@Suite("OpenAI's dialect over HTTP") struct OpenAIRouteTests {
    private static let completion: JSON = [
        "x_request_id": "up-1", "id": "c-1", "object": "chat.completion", "created": 7, "model": "small",
        "choices": [["index": 0, "message": ["role": "assistant", "content": "Hello"], "finish_reason": "stop"]],
        "usage": ["prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4], "vendor_extra": ["kept": true],
    ]
    private static let question: JSON = ["model": "small", "messages": [["role": "user", "content": "Hi"]]]

    private static func streamed(_ more: JSONObject = [:]) -> JSON {
        var body = question.objectValue ?? [:]
        body["stream"] = true
        for member in more { body[member.key] = member.value }
        return .object(body)
    }

    private static let words: [JSON] = [
        ScriptedProvider.chunk(["role": "assistant", "content": ""]), ScriptedProvider.chunk(["content": "Hel"]),
        ScriptedProvider.chunk(["content": "lo"]), ScriptedProvider.chunk([:], finish: "stop"),
        [
            "id": "c-1", "object": "chat.completion.chunk", "created": 7, "model": "small", "choices": [],
            "usage": ["prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5],
        ],
    ]

    @Test("a completion comes back as the provider wrote it, with who answered in the headers")
    func completion() async throws {
        try await DialectHost.with(ScriptedProvider.answering(Self.completion)) { host in
            let answer = try await host.post("/v1/chat/completions", Self.question)
            #expect(answer.status == 200)
            #expect(answer.json == Self.completion)
            #expect(answer["Content-Type"] == "application/json; charset=utf-8")
            #expect(answer["x-praximous-provider"] == "fake")
            #expect(answer["x-praximous-model"] == "small")
            #expect(answer["x-praximous-attempts"] == "1")
            #expect(answer["x-praximous-overhead-ms"]?.wholeMatch(of: /[0-9]+\.[0-9]{3}/) != nil)
            let event = try await host.audit.event(requestID: answer.requestID ?? "")
            #expect(event?.event.status == .success)
        }
    }

    @Test("members that the host does not know reach the provider as they were sent")
    func unknownMembers() async throws {
        try await DialectHost.with(ScriptedProvider.answering(Self.completion)) { host in
            var body = Self.question.objectValue ?? [:]
            body["reasoning_effort"] = "low"
            body["seed"] = 5
            body["x_new"] = ["deep": [1, "two", .null]]
            _ = try await host.post("/v1/chat/completions", .object(body))
            let asked = try #require(host.provider.requests.first)
            #expect(asked["reasoning_effort"] == "low")
            #expect(asked["seed"] == 5)
            #expect(asked["x_new"] == ["deep": [1, "two", .null]])
        }
    }

    @Test("a stream is the provider's chunks and [DONE]; its usage is for those who asked")
    func stream() async throws {
        try await DialectHost.with(ScriptedProvider.streaming(Self.words)) { host in
            let plain = try await host.post("/v1/chat/completions", Self.streamed())
            #expect(plain.status == 200)
            #expect(plain["Content-Type"] == "text/event-stream; charset=utf-8")
            #expect(plain["Cache-Control"] == "no-store")
            #expect(plain["X-Accel-Buffering"] == "no")
            #expect(plain["x-praximous-provider"] == "fake")
            #expect(plain["x-praximous-overhead-ms"]?.wholeMatch(of: /[0-9]+\.[0-9]{3}/) != nil)
            #expect(plain["x-praximous-overhead-ms"] != "0.000")
            let lines = Self.words.map { "data: \($0.text)\n\n" }
            #expect(plain.text == lines.dropLast().joined() + "data: [DONE]\n\n")
            let asked = try await host.post(
                "/v1/chat/completions",
                Self.streamed(["stream_options": ["include_usage": true]])
            )
            #expect(asked.text == lines.joined() + "data: [DONE]\n\n")
        }
    }

    @Test("what fails before the first chunk is an answer with the provider's status, in OpenAI's form")
    func earlyFailure() async throws {
        let failure = Failure(
            .invalid,
            code: "context_length_exceeded",
            message: "The provider refused.",
            details: [
                "status": 400,
                "error": [
                    "message": "Too long.", "type": "invalid_request_error", "param": "messages",
                    "code": "context_length_exceeded",
                ],
            ]
        )
        try await DialectHost.with(ScriptedProvider.failing(failure)) { host in
            for body in [Self.question, Self.streamed()] {
                let answer = try await host.post("/v1/chat/completions", body)
                #expect(answer.status == 400)
                #expect(answer["Content-Type"] == "application/json; charset=utf-8")
                #expect(
                    answer.json == [
                        "error": [
                            "message": "Too long.", "type": "invalid_request_error", "param": "messages",
                            "code": "context_length_exceeded",
                        ]
                    ]
                )
            }
        }
    }

    @Test("what fails after the first chunk is an error in the stream, which then ends without [DONE]")
    func lateFailure() async throws {
        try await DialectHost.with({ call in
            _ = call.events?.tryEmit(CallEvent(kind: "delta", json: Self.words[1].encoded()))
            return .failure(Failure(.upstream, code: "upstream_cut", message: "The provider's answer was cut."))
        }) { host in
            let answer = try await host.post("/v1/chat/completions", Self.streamed())
            #expect(answer.status == 200)
            let events = answer.text.split(separator: "\n\n").map(String.init)
            try #require(events.count == 2)
            #expect(events[0] == "data: " + Self.words[1].text)
            let error = try JSON.parse(String(events[1].dropFirst(6)))
            #expect(error["error"]?["type"] == "server_error")
            #expect(error["error"]?["message"]?.stringValue?.isEmpty == false)
        }
    }

    @Test(
        "a client that leaves has its request cancelled within a second, before the first token too",
        arguments: [true, false]
    )
    func leaving(isStreaming: Bool) async throws {
        let (ends, note) = AsyncStream<Bool>.makeStream()
        try await DialectHost.with({ _ in
            note.yield(false)
            while !Task.isCancelled { try? await Task.sleep(for: .seconds(60)) }
            note.yield(true)
            return .failure(Failure(.cancelled, code: "cancelled", message: "Nobody waits."))
        }) { host in
            let body = isStreaming ? Self.streamed() : Self.question
            let request = HTTPBytes.request(
                "POST",
                "/v1/chat/completions",
                headers: [("X-API-Key", host.key)],
                body: body.encoded()
            )
            async let client: Void = host.connected { connection in
                connection.send(request)
                // On a thread of its own, until the provider has been asked.
                while host.provider.requests.isEmpty { usleep(1000) }
            }
            var asked = ContinuousClock.now
            for await isOver in ends {
                if isOver { break }
                asked = .now
            }
            #expect(ContinuousClock.now - asked < .seconds(1))
            try await client
        }
    }

    @Test("a client that ends its side with the last byte of its request has left")
    func gone() async throws {
        try await DialectHost.with({ _ in
            try? await Task.sleep(for: .seconds(60))
            return .failure(Failure(.cancelled, code: "cancelled", message: "Nobody waits."))
        }) { host in
            let begun = ContinuousClock.now
            for body in [Self.streamed(), Self.question] {
                let request = HTTPBytes.request(
                    "POST",
                    "/v1/chat/completions",
                    headers: [("X-API-Key", host.key)],
                    body: body.encoded()
                )
                let answer = try await host.connected { connection in
                    connection.send(request)
                    connection.finishSending()
                    return try connection.readAnswer()
                }
                #expect(answer.status == 499)
            }
            #expect(ContinuousClock.now - begun < .seconds(5))
        }
    }

    @Test(
        "a wrong request is refused as OpenAI would, by the first member that is wrong",
        arguments: OpenAIBodies.refused
    )
    func refused(_ wrong: OpenAIBodies.Refused) async throws {
        try await DialectHost.with(ScriptedProvider.answering(Self.completion)) { host in
            let answer = try await host.send("POST", "/v1/chat/completions", body: Array(wrong.body.utf8))
            #expect(answer.status == 400)
            #expect(answer.json["error"]?["code"]?.stringValue == wrong.code, "\(answer.text)")
            #expect(answer.json["error"]?["param"]?.stringValue == wrong.param, "\(answer.text)")
            #expect(answer.json["error"]?["type"] == "invalid_request_error")
            #expect(host.provider.requests.isEmpty)
            #expect(try await host.audit.event(requestID: answer.requestID ?? "")?.event.status == .error)
        }
    }

    @Test("without a key, with a wrong one, for a model it may not use, and at an unknown path: OpenAI's form")
    func refusals() async throws {
        try await DialectHost.with(ScriptedProvider.answering(Self.completion)) { host in
            let wrong = try await host.post("/v1/chat/completions", Self.question, key: "wrong")
            #expect(wrong.status == 401)
            #expect(wrong.json["error"]?["type"] == "authentication_error")
            let narrow = try host.key(scopes: ["models:invoke:other"])
            let other = try await host.post("/v1/chat/completions", Self.question, key: narrow)
            #expect(other.status == 403)
            #expect(other.json["error"]?["code"] == "missing_scope")
            let allowed = try host.key(scopes: ["models:invoke:small"])
            #expect(try await host.post("/v1/chat/completions", Self.question, key: allowed).status == 200)
            let path = try await host.send("GET", "/v1/nothing/here")
            #expect(path.status == 404)
            #expect(path.json["error"]?["code"] == "not_found")
            let method = try await host.send("GET", "/v1/chat/completions")
            #expect(method.status == 405)
            #expect(method["Allow"] == "POST")
            #expect(method.json["error"]?["type"] == "invalid_request_error")
            let model = try await host.post(
                "/v1/chat/completions",
                ["model": "nobody", "messages": [["role": "user", "content": "Hi"]]]
            )
            #expect(model.status == 404)
            #expect(model.json["error"]?["code"] == "model_not_found")
        }
    }

    @Test("vectors come as numbers or as base64, in the order of their texts")
    func embeddings() async throws {
        try await DialectHost.with({ call in
            // 1 and 2, then 3 and 4, as little-endian float32.
            let vectors: JSON = ["dims": 2, "count": 2, "data": "AACAPwAAAEAAAEBAAACAQA=="]
            _ = call.events?.tryEmit(CallEvent(kind: "vectors", json: vectors.encoded()))
            let end: JSON = ["model": "small", "usage": ["prompt_tokens": 5, "total_tokens": 5]]
            return .result(end.encoded())
        }) { host in
            let numbers = try await host.post("/v1/embeddings", ["model": "small", "input": ["a", "b"]])
            #expect(numbers.status == 200)
            #expect(
                numbers.text
                    == #"{"object":"list","data":[{"object":"embedding","index":0,"embedding":[1.0,2.0]},"#
                    + #"{"object":"embedding","index":1,"embedding":[3.0,4.0]}],"model":"small","#
                    + #""usage":{"prompt_tokens":5,"total_tokens":5}}"#
            )
            let base64 = try await host.post(
                "/v1/embeddings",
                ["model": "small", "input": ["a", "b"], "encoding_format": "base64"]
            )
            #expect(base64.json["data"]?.arrayValue?.map { $0["embedding"] } == ["AACAPwAAAEA=", "AABAQAAAgEA="])
            let tokens = try await host.post("/v1/embeddings", ["model": "small", "input": [1, 2]])
            #expect(tokens.status == 400)
            #expect(tokens.json["error"]?["code"] == "token_input_unsupported")
        }
    }

    @Test("a stream that falls silent is kept open by comments between its events")
    func heartbeat() async throws {
        var limits = HTTPLimits()
        limits.heartbeatSeconds = 1
        try await DialectHost.with(
            { call in
                _ = call.events?.tryEmit(CallEvent(kind: "delta", json: Self.words[1].encoded()))
                try? await Task.sleep(for: .milliseconds(2500))
                return await ScriptedProvider.streaming([Self.words[2]])(call)
            },
            limits: limits
        ) { host in
            let answer = try await host.post("/v1/chat/completions", Self.streamed())
            let events = answer.text.split(separator: "\n\n").map(String.init)
            #expect(
                events.filter { $0 != ": waiting" } == [Self.words[1], Self.words[2]].map { "data: \($0.text)" } + [
                    "data: [DONE]"
                ]
            )
            #expect((1...2).contains(events.count { $0 == ": waiting" }))
        }
    }

    @Test("a request that comes byte by byte is the same request")
    func bytewise() async throws {
        try await DialectHost.with(ScriptedProvider.answering(Self.completion)) { host in
            let request = HTTPBytes.request(
                "POST",
                "/v1/chat/completions",
                headers: [("X-API-Key", host.key)],
                body: Self.question.encoded()
            )
            let answer = try await host.connected { connection in
                for byte in request { connection.send([byte]) }
                return try connection.readAnswer()
            }
            #expect(answer.json == Self.completion)
        }
    }

    @Test("models are listed and found by name")
    func models() async throws {
        try await DialectHost.with(ScriptedProvider.answering(Self.completion)) { host in
            let list = try await host.send("GET", "/v1/models")
            #expect(list.status == 200)
            #expect(list.json["object"] == "list")
            let small: JSON = ["id": "small", "object": "model", "created": 0, "owned_by": "fake"]
            #expect(list.json["data"]?.arrayValue?.contains(small) == true)
            #expect(try await host.send("GET", "/v1/models/small").json == small)
            let missing = try await host.send("GET", "/v1/models/meta%2Fllama/x")
            #expect(missing.status == 404)
            #expect(missing.json["error"]?["message"]?.stringValue?.contains("\"meta/llama/x\"") == true)
            let anthropic = try await host.send("GET", "/v1/models", headers: [("anthropic-version", "2023-06-01")])
            #expect(anthropic.json["has_more"] == false)
            #expect(anthropic.json["data"]?.arrayValue?.contains { $0["display_name"] == "small" } == true)
        }
    }
}
