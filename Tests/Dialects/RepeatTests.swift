import Audit
import Core
import PluginRuntime
import PraximousJSON
import Synchronization
import TestSupport
import Testing

@Suite("A request with an Idempotency-Key", .timeLimit(.minutes(1))) struct RepeatTests {
    private static func question(_ text: String, isStreaming: Bool = false) -> JSON {
        [
            "model": "small", "max_tokens": 9, "stream": .bool(isStreaming),
            "messages": [["role": "user", "content": .string(text)]],
        ]
    }

    private static let completion: JSON = [
        "id": "c-1", "object": "chat.completion", "model": "small",
        "choices": [["index": 0, "message": ["role": "assistant", "content": "Hi"], "finish_reason": "stop"]],
    ]

    private static func ask(
        _ host: DialectHost,
        _ body: JSON,
        path: String = "/v1/chat/completions",
        key: String = "k-1"
    ) async throws -> HTTPAnswer {
        try await host.post(path, body, headers: [("Idempotency-Key", key)])
    }

    @Test("is served once, whoever repeats it meanwhile or later", arguments: ["/v1/chat/completions", "/v1/messages"])
    func once(path: String) async throws {
        let count = Atomic(0)
        try await DialectHost.with({ _ in
            var answer = Self.completion.objectValue ?? [:]
            answer["id"] = .string("c-\(count.add(1, ordering: .relaxed).newValue)")
            return .result(JSON.object(answer).encoded())
        }) { host in
            let answers = try await withThrowingTaskGroup(of: HTTPAnswer.self) { group in
                for _ in 0..<5 { group.addTask { try await Self.ask(host, Self.question("Hello"), path: path) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(answers.map(\.status)) == [200])
            #expect(Set(answers.map(\.text)).count == 1)
            #expect(host.provider.requests.count == 1)
            #expect(answers.count { $0["Idempotent-Replayed"] == "true" } == 4)
            for answer in answers {
                let event = try await host.audit.event(requestID: answer["X-Request-ID"] ?? "")?.event
                let isReplay = answer["Idempotent-Replayed"] == "true"
                #expect(event?.operation == (isReplay ? "replay" : "chat"))
            }
            _ = try await Self.ask(host, Self.question("Hello"), path: path, key: "k-2")
            #expect(host.provider.requests.count == 2)
        }
    }

    @Test("is refused with another body, and at another route")
    func reused() async throws {
        try await DialectHost.with(ScriptedProvider.answering(Self.completion)) { host in
            #expect(try await Self.ask(host, Self.question("a")).status == 200)
            let other = try await Self.ask(host, Self.question("b"))
            #expect(other.status == 422)
            #expect(other.json["error"]?["code"] == "idempotency_key_reused")
            #expect(try await host.audit.event(requestID: other.requestID ?? "")?.event.status == .error)
            #expect(try await Self.ask(host, Self.question("a"), path: "/v1/messages").status == 422)
            #expect(host.provider.requests.count == 1)
        }
    }

    @Test("gets a stream again once it has ended, and hears of one that is under way")
    func streams() async throws {
        let (gate, opened) = AsyncStream<Void>.makeStream()
        let (calls, called) = AsyncStream<Void>.makeStream()
        let words = [
            ScriptedProvider.chunk(["content": "Hel"]), ScriptedProvider.chunk(["content": "lo"], finish: "stop"),
        ]
        try await DialectHost.with({ call in
            _ = call.events?.tryEmit(CallEvent(kind: "delta", json: words[0].encoded()))
            called.finish()
            for await _ in gate {}
            return await ScriptedProvider.streaming([words[1]])(call)
        }) { host in
            let body = Self.question("Hello", isStreaming: true)
            async let first = Self.ask(host, body, key: "s")
            for await _ in calls {}
            let refused = try await Self.ask(host, body, key: "s")
            #expect(refused.status == 409)
            #expect(refused.json["error"]?["code"] == "idempotency_in_progress")
            opened.finish()
            let text = try await first.text
            let again = try await Self.ask(host, body, key: "s")
            #expect(again["Idempotent-Replayed"] == "true")
            #expect(again["Content-Type"] == "text/event-stream; charset=utf-8")
            #expect(again.text == text)
            #expect(again.text == words.map { "data: \($0.text)\n\n" }.joined() + "data: [DONE]\n\n")
            #expect(host.provider.requests.count == 1)
        }
    }

    @Test("gets no stream again that is too long to be kept")
    func tooLong() async throws {
        let long = ScriptedProvider.chunk(["content": .string(String(repeating: "x", count: 40_000))])
        let chunks = Array(repeating: long, count: 30) + [ScriptedProvider.chunk([:], finish: "stop")]
        try await DialectHost.with({ call in
            try? await Blocking.run {
                for chunk in chunks {
                    _ = call.events?.emit(CallEvent(kind: "delta", json: chunk.encoded())) { false }
                }
            }
            return await ScriptedProvider.streaming([])(call)
        }) { host in
            let body = Self.question("Hello", isStreaming: true)
            #expect(try await Self.ask(host, body).text.hasSuffix("data: [DONE]\n\n"))
            let again = try await Self.ask(host, body)
            #expect(again.status == 409)
            #expect(again.json["error"]?["code"] == "idempotency_answer_not_kept")
        }
    }

    @Test(
        "is served anew after a failure that may pass",
        arguments: [
            (Failure.Kind.rateLimit, 429, 2), (.upstream, 502, 2), (.unavailable, 503, 2), (.unauthenticated, 401, 2),
            (.invalid, 400, 1), (.unprocessable, 422, 1),
        ]
    )
    func failures(kind: Failure.Kind, status: Int, served: Int) async throws {
        let failure = Failure(kind, code: "insufficient_quota", message: "No.", details: ["status": .integer(status)])
        try await DialectHost.with(ScriptedProvider.failing(failure)) { host in
            let first = try await Self.ask(host, Self.question("a"))
            let second = try await Self.ask(host, Self.question("a"))
            #expect([first.status, second.status] == [status, status])
            #expect(first.text == second.text)
            #expect(host.provider.requests.count == served)
        }
    }
}
