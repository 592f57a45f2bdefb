import PraximousJSON
import TestSupport
import Testing

@Suite("What is left of a key's limits", .timeLimit(.minutes(2))) struct RateLimitHeaderTests {
    @Test("stands in the head of answers, streams and refusals")
    func headers() async throws {
        try await RunningHost.with { host async throws in
            let created = try await host.cli(["keys", "create", "--name", "ci", "--rpm", "3"])
            let key = RunningHost.Credentials.key(created.lastLine)
            func ask(isStreaming: Bool, _ path: String = "/v1/chat/completions") async throws -> HTTPAnswer {
                let body: JSON = [
                    "model": "local", "stream": .bool(isStreaming), "task_type": "local", "prompt": "hello",
                    "messages": [["role": "user", "content": "hello"]],
                ]
                let accept = isStreaming && path.hasPrefix("/api") ? "text/event-stream" : "*/*"
                return try await host.post(path, body, as: key, headers: [("Accept", accept)])
            }
            let whole = try await ask(isStreaming: false)
            let stream = try await ask(isStreaming: true)
            let events = try await ask(isStreaming: true, "/api/v1/process")
            #expect([whole.status, stream.status, events.status] == [200, 200, 200])
            #expect([whole, stream, events].map { $0["X-RateLimit-Limit-Requests"] } == ["3", "3", "3"])
            #expect([whole, stream, events].map { $0["X-RateLimit-Remaining-Requests"] } == ["2", "1", "0"])
            let refused = try await ask(isStreaming: true)
            #expect(refused.status == 429)
            #expect(refused["X-RateLimit-Limit-Requests"] == "3")
            #expect(refused["X-RateLimit-Remaining-Requests"] == "0")
            let seconds = Int(refused["Retry-After"] ?? "") ?? 0
            let milliseconds = Int(refused["retry-after-ms"] ?? "") ?? 0
            #expect(1...61 ~= seconds)
            #expect((milliseconds + 999) / 1000 == seconds)
        }
    }

    @Test("count calls of skills as well, which the audit tells when they are refused")
    func skills() async throws {
        try await RunningHost.with { host async throws in
            let created = try await host.cli(["keys", "create", "--name", "ci", "--rpm", "3", "--tpm", "1"])
            let key = RunningHost.Credentials.key(created.lastLine)
            func ask(_ accept: String = "*/*") async throws -> HTTPAnswer {
                let body: JSON = ["task_type": "echo", "prompt": "hello"]
                return try await host.post("/api/v1/process", body, as: key, headers: [("Accept", accept)])
            }
            let answers = [try await ask(), try await ask("text/event-stream"), try await ask()]
            #expect(answers.map(\.status) == [200, 200, 200])
            #expect(answers.map { $0["X-RateLimit-Remaining-Requests"] } == ["2", "1", "0"])
            for accept in ["*/*", "text/event-stream"] {
                let refused = try await ask(accept)
                #expect(refused.status == 429)
                #expect(refused["X-RateLimit-Limit-Requests"] == "3")
                #expect(refused["X-RateLimit-Remaining-Requests"] == "0")
                #expect(1...61 ~= Int(refused["Retry-After"] ?? "") ?? 0)
                let event = try #require(try await host.auditEvent(refused.requestID))
                #expect(event["error_code"] == "rate_limited")
                #expect(event["provider"] == "skill:echo")
            }
        }
    }
}
