import PraximousJSON
import TestSupport
import Testing

@Suite("An Idempotency-Key", .timeLimit(.minutes(2))) struct IdempotencyTests {
    private static let messages: JSON = [["role": "user", "content": "hello"]]

    @Test(
        "brings the same answer again, on every route that makes one",
        arguments: [
            ("/v1/chat/completions", ["model": "local", "messages": messages], "*/*"),
            ("/v1/chat/completions", ["model": "local", "messages": messages, "stream": true], "*/*"),
            ("/v1/messages", ["model": "local", "max_tokens": 99, "messages": messages], "*/*"),
            ("/v1/messages", ["model": "local", "max_tokens": 99, "messages": messages, "stream": true], "*/*"),
            ("/v1/embeddings", ["model": "local", "input": "hello"], "*/*"),
            ("/api/v1/process", ["task_type": "local", "prompt": "hello"], "*/*"),
            ("/api/v1/process", ["task_type": "local", "prompt": "hello"], "text/event-stream"),
            ("/api/v1/process", ["task_type": "echo", "prompt": "hello"], "*/*"),
        ] as [(String, JSON, String)]
    )
    func replayed(path: String, body: JSON, accept: String) async throws {
        try await SharedHost.with { host async throws in
            let key = "\(path) \(accept) \(body.text)".utf8.reduce(0) { $0 &* 31 &+ Int($1) }
            func ask() async throws -> HTTPAnswer {
                try await host.post(path, body, headers: [("Idempotency-Key", "\(key)"), ("Accept", accept)])
            }
            let (first, again) = (try await ask(), try await ask())
            #expect(first.status == 200, "\(first.text)")
            #expect(first["Idempotent-Replayed"] == nil)
            #expect(again["Idempotent-Replayed"] == "true")
            #expect(again.text == first.text)
            #expect(again["Content-Type"] == first["Content-Type"])
            #expect(again.requestID != first.requestID)
        }
    }

    @Test("of a request that is under way brings its answer to both")
    func concurrent() async throws {
        try await SharedHost.with { host async throws in
            let body: JSON = ["model": "local", "messages": Self.messages]
            let answers = try await withThrowingTaskGroup(of: HTTPAnswer.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await host.post("/v1/chat/completions", body, headers: [("Idempotency-Key", "all-at-once")])
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(answers.map(\.text)).count == 1)
            #expect(answers.count { $0["Idempotent-Replayed"] == nil } == 1)
        }
    }
}
