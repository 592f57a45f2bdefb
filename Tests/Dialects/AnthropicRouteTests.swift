import Core
import PluginRuntime
import PraximousJSON
import TestSupport
import Testing

@Suite("Anthropic's dialect over HTTP") struct AnthropicRouteTests {
    private static let question: JSON = [
        "model": "small", "max_tokens": 64, "messages": [["role": "user", "content": "Hi"]],
    ]
    private static let streamed: JSON = [
        "model": "small", "max_tokens": 64, "messages": [["role": "user", "content": "Hi"]], "stream": true,
    ]

    @Test("a message is answered by a provider of any vendor, for a key in x-api-key")
    func message() async throws {
        let completion: JSON = [
            "id": "c-1", "model": "small",
            "choices": [["index": 0, "message": ["role": "assistant", "content": "Hello"], "finish_reason": "stop"]],
            "usage": ["prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4],
        ]
        try await DialectHost.with(ScriptedProvider.answering(completion)) { host in
            let headers = [("x-api-key", host.key), ("anthropic-version", "2023-06-01")]
            let answer = try await host.post("/v1/messages", Self.question, headers: headers)
            #expect(answer.status == 200)
            #expect(answer.json["content"] == [["type": "text", "text": "Hello"]])
            #expect(answer.json["stop_reason"] == "end_turn")
            #expect(answer.json["usage"]?["input_tokens"] == 3)
            #expect(answer["request-id"] == answer.requestID)
            #expect(answer["x-praximous-provider"] == "fake")
            let asked = try #require(host.provider.requests.first)
            #expect(asked["messages"] == [["role": "user", "content": "Hi"]])
            #expect(asked["max_tokens"] == 64)
        }
    }

    @Test("a message is streamed as named events")
    func stream() async throws {
        let chunks = [
            ScriptedProvider.chunk(["role": "assistant", "content": "Hel"]), ScriptedProvider.chunk(["content": "lo"]),
            ScriptedProvider.chunk([:], finish: "stop"),
        ]
        try await DialectHost.with(ScriptedProvider.streaming(chunks)) { host in
            let answer = try await host.post("/v1/messages", Self.streamed)
            #expect(answer.status == 200)
            #expect(answer["Content-Type"] == "text/event-stream; charset=utf-8")
            let names = answer.text.split(separator: "\n").filter { $0.hasPrefix("event: ") }.map { $0.dropFirst(7) }
            #expect(
                names == [
                    "message_start", "content_block_start", "content_block_delta", "content_block_delta",
                    "content_block_stop", "message_delta", "message_stop",
                ]
            )
        }
    }

    @Test("a failure has Anthropic's form, before the first event and after it")
    func failures() async throws {
        let failure = Failure(
            .rateLimit,
            code: "rate_limited",
            message: "The provider has had enough.",
            details: ["status": 429],
            retryAfterMilliseconds: 1500
        )
        try await DialectHost.with(ScriptedProvider.failing(failure)) { host in
            let wrong = try await host.post("/v1/messages", ["model": "small"])
            #expect(wrong.status == 400)
            #expect(wrong.json["type"] == "error")
            #expect(wrong.json["error"]?["type"] == "invalid_request_error")
            #expect(wrong.json["request_id"]?.stringValue == wrong.requestID)
            #expect(wrong["request-id"] == wrong.requestID)
            let none = try await host.post("/v1/messages", Self.question, key: "wrong")
            #expect(none.json["error"]?["type"] == "authentication_error")
            #expect(try await host.send("PUT", "/v1/messages").json["type"] == "error")
            #expect(try await host.send("GET", "/v1/messages/nothing").json["type"] == "error")
        }
    }

    @Test("a count of tokens is an estimate, without asking a provider")
    func count() async throws {
        try await DialectHost.with(ScriptedProvider.answering([:])) { host in
            let answer = try await host.post(
                "/v1/messages/count_tokens",
                ["model": "small", "messages": [["role": "user", "content": "Hello there"]]]
            )
            #expect(answer.json == ["input_tokens": 7])
            #expect(host.provider.requests.isEmpty)
        }
    }
}
