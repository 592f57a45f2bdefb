import Foundation
import PraximousJSON
import TestSupport
import Testing

@Suite("What a host tells of its models", .timeLimit(.minutes(2))) struct TelemetryTests {
    private static let providers = "providers:\n  - { name: own, type: local, model: echo-1 }\n"
    private static let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    private static func ask(_ host: RunningHost, stream: Bool) async throws -> HTTPAnswer {
        try await host.post(
            "/v1/chat/completions",
            ["model": "own", "stream": .bool(stream), "messages": [["role": "user", "content": "Hi there"]]],
            headers: [("traceparent", parent)]
        )
    }

    @Test("stands on /metrics, in the audit and in the collector's spans, and the prompt nowhere")
    func everywhere() async throws {
        let collector = try TraceCollector()
        try await RunningHost.with(
            config: "telemetry:\n  otlp: { endpoint: \"\(collector.endpoint)/\", headers_env: COLLECTOR_HEADERS }\n",
            files: ["config/providers.yaml": Self.providers],
            environment: ["COLLECTOR_HEADERS": "x-key=a%20b,x-other=c"]
        ) { host async throws in
            let answers = [try await Self.ask(host, stream: false), try await Self.ask(host, stream: true)]
            #expect(answers.map(\.status) == [200, 200])
            #expect(answers.allSatisfy { $0["x-praximous-overhead-ms"] != nil })
            let page = try await host.get("/metrics").text
            let labels = """
                {gen_ai_operation_name="chat",gen_ai_provider_name="local",gen_ai_request_model="own",\
                gen_ai_response_model="echo-1",error_type=""}
                """
            #expect(page.contains("gen_ai_server_request_duration_seconds_count\(labels) 2\n"))
            #expect(page.contains("gen_ai_server_time_to_first_token_seconds_count\(labels) 1\n"))
            #expect(page.contains("\nprax_provider_attempts_total{provider=\"own\",outcome=\"success\"} 2\n"))
            #expect(page.contains("\nprax_breaker_state{provider=\"own\"} 0\n"))
            #expect(page.contains("\nprax_open_streams 0\n"))
            #expect(try await host.get("/nowhere/\(answers.count)").status == 404)
            let after = try await host.get("/metrics").text
            #expect(
                after.contains("\nprax_http_requests_total{route=\"/v1/chat/completions\",status=\"200\"} 2\n")
            )
            #expect(after.contains("\nprax_http_requests_total{route=\"other\",status=\"404\"} 1\n"))

            let row = try #require(try await host.auditEvent(answers[1].requestID))
            #expect(row["model"] == "echo-1")
            #expect(row["attempts"] == 1)
            #expect((row["input_tokens"]?.intValue ?? 0) > 0)
            #expect((row["first_token_us"]?.intValue ?? 0) > 0)

            #expect(try await host.kill(SIGTERM) == 0)
            let received = try await collector.received(1)
            #expect(received.flatMap(\.flaws) == [])
            #expect(received.first?.headers["x-key"] == "a b")
            #expect(received.first?.headers["x-other"] == "c")
            let spans = received.flatMap(\.spans)
            #expect(spans.map { $0["name"] } == ["chat own", "chat echo-1", "chat own", "chat echo-1"])
            #expect(spans.allSatisfy { $0["traceId"] == "4bf92f3577b34da6a3ce929d0e0e4736" })
            #expect(spans[0]["parentSpanId"] == "00f067aa0ba902b7")
            #expect(!received.map(\.body.text).joined().contains("Hi there"))
        }
    }

    @Test("goes to the collector that OpenTelemetry's own variable names")
    func environment() async throws {
        let collector = try TraceCollector()
        try await RunningHost.with(
            files: ["config/providers.yaml": Self.providers],
            environment: ["OTEL_EXPORTER_OTLP_ENDPOINT": collector.endpoint]
        ) { host async throws in
            #expect(try await Self.ask(host, stream: false).status == 200)
            #expect(try await host.kill(SIGTERM) == 0)
            #expect(try await collector.received(1).flatMap(\.spans).count == 2)
        }
    }

    @Test(
        "stops the start where it is wrong",
        arguments: [
            ("{ endpoint: \"ftp://h\" }", "only http and https"), ("{ sample: 2 }", "sample"),
            ("{ endpoint: \"http://127.0.0.1:9\", headers_env: NOT_SET }", "NOT_SET"), ("{ queu: 5 }", "queue"),
        ]
    )
    func wrong(_ section: String, _ word: String) async throws {
        try await RunningHost.with(config: "telemetry: { otlp: \(section) }\n", isStarted: false) { host async throws in
            let result = try await host.cli(["serve", "--port", "0"])
            #expect(result.exitCode == 2)
            #expect(result.errors.contains(word))
        }
    }
}
