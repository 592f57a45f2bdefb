import Core
import Egress
import PraximousJSON
import Services
import Synchronization
import TestSupport
import Testing

@Suite("Spans of requests of models", .timeLimit(.minutes(1))) struct SpanExporterTests {
    private static let id = "0192f0c1-0000-4000-8000-00000000000a"
    private static let client = TraceContext(parent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")

    private static func call(client: TraceContext? = nil, sample: Double = 1) -> ModelCall {
        var call = ModelCall(
            requestID: id,
            operation: .chat,
            isStreaming: true,
            trace: RequestTrace(requestID: id, client: client, sample: sample),
            receivedAt: 1_795_000_000_000_000,
            startedAt: 7_000
        )
        call.requestModel = "default_llm_tasks"
        call.endedAt = 9_007_000
        call.firstTokenAt = 5_007_000
        call.waitedNanoseconds = 8_000_000
        let late = Failure(.deadline, code: "upstream_timeout", message: "the secret prompt", hint: "sk-secret")
        call.attempts = [
            .init(provider: "a", type: "openai", model: "m1", startedAt: 8_000, endedAt: 3_008_000, failure: late),
            .init(provider: "b", type: "gemini", model: "m2", startedAt: 3_009_000, endedAt: 9_006_000, failure: nil),
        ]
        call.answer = call.attempts[1]
        call.usage = TokenUsage(inputTokens: 10, outputTokens: 5, cachedInputTokens: 4)
        call.costMicros = 1_500_000
        call.finishReason = "stop"
        return call
    }

    private static func exporter(
        _ collector: TraceCollector,
        queue: Int = 2048,
        _ change: (inout OTLPSettings) -> Void = { _ in },
        report: @escaping @Sendable (String) -> Void = { _ in }
    ) throws -> SpanExporter {
        var settings = OTLPSettings(
            url: collector.endpoint + "/v1/traces",
            fields: [HTTPField(name: "X-Key", value: "k")],
            maxQueuedSpans: queue
        )
        settings.retryPause = .milliseconds(10)
        change(&settings)
        return try SpanExporter(settings, client: HTTPClient(), version: "1.2.3", report: report)
    }

    @Test("reach a collector as OTLP's JSON: one for the request, one below it for each attempt")
    func document() async throws {
        let collector = try TraceCollector()
        let exporter = try Self.exporter(collector)
        exporter.add(Self.call(client: Self.client))
        await exporter.close()
        let received = try #require(try await collector.received(1).first)
        #expect(received.flaws == [])
        #expect(received.path == "/v1/traces")
        #expect(received.headers["content-type"] == "application/json")
        #expect(received.headers["x-key"] == "k")
        #expect(received.spans.map { $0["name"] } == ["chat default_llm_tasks", "chat m1", "chat m2"])
        #expect(received.spans.map { $0["kind"] } == [2, 3, 3])
        #expect(Set(received.spans.map { $0["traceId"]?.stringValue }) == ["4bf92f3577b34da6a3ce929d0e0e4736"])
        let own = try #require(received.spans[0]["spanId"])
        #expect(received.spans.map { $0["parentSpanId"] } == ["00f067aa0ba902b7", own, own])
        #expect(received.spans.map { $0["status"]?["code"] } == [nil, 2, nil])
        #expect(received.spans[0]["startTimeUnixNano"] == "1795000000000000000")
        #expect(received.spans[0]["endTimeUnixNano"] == "1795000000009000000")
        #expect(received.spans[1]["startTimeUnixNano"] == "1795000000000001000")
        #expect(!received.body.text.contains("secret"))
    }

    @Test(
        "say what the conventions ask for",
        arguments: [
            ("gen_ai.operation.name", "chat"), ("gen_ai.provider.name", "gemini"),
            ("gen_ai.request.model", "default_llm_tasks"), ("gen_ai.response.model", "m2"),
            ("gen_ai.request.stream", true), ("gen_ai.usage.input_tokens", "10"),
            ("gen_ai.usage.output_tokens", "5"), ("gen_ai.usage.cache_read.input_tokens", "4"),
            ("gen_ai.response.finish_reasons", ["values": [["stringValue": "stop"]]]),
            ("praximous.provider", "b"), ("praximous.attempts", "2"), ("praximous.cost_micros", "1500000"),
            ("praximous.overhead_us", "1000"), ("praximous.time_to_first_token_us", "5000"),
            ("praximous.request_id", .string(id)),
        ] as [(String, JSON)]
    )
    func attributes(_ name: String, _ expected: JSON) async throws {
        let collector = try TraceCollector()
        let exporter = try Self.exporter(collector)
        exporter.add(Self.call())
        await exporter.close()
        let span = try #require(try await collector.received(1).first?.spans.first)
        #expect(TraceCollector.attribute(name, of: span) == expected)
    }

    @Test("are sent together when there are enough of them, and not when the trace is not sampled")
    func batches() async throws {
        let collector = try TraceCollector()
        let exporter = try Self.exporter(collector) { settings in
            settings.batchSpans = 6
            settings.interval = .seconds(600)
        }
        let task = Task { await exporter.run() }
        exporter.add(Self.call(sample: 0))
        for _ in 0..<2 { exporter.add(Self.call()) }
        #expect(try await collector.received(1).map(\.spans.count) == [6])
        task.cancel()
        await task.value
    }

    @Test("are sent after a while")
    func interval() async throws {
        let collector = try TraceCollector()
        let exporter = try Self.exporter(collector) { $0.interval = .milliseconds(10) }
        let task = Task { await exporter.run() }
        exporter.add(Self.call())
        #expect(try await collector.received(1).map(\.spans.count) == [3])
        task.cancel()
        await task.value
    }

    @Test("are sent once more when the host stops before they were taken")
    func stopped() async throws {
        let collector = try TraceCollector(statuses: [503, 200])
        let exporter = try Self.exporter(collector) { settings in
            settings.interval = .milliseconds(10)
            settings.retryPause = .seconds(600)
        }
        let task = Task { await exporter.run() }
        exporter.add(Self.call())
        #expect(try await collector.received(1).count == 1)
        task.cancel()
        await task.value
        await exporter.close()
        #expect(try await collector.received(2).map(\.spans.count) == [3, 3])
        #expect(exporter.dropped == 0)
    }

    @Test("are dropped and counted when there is no room, and requests do not wait")
    func bounded() async throws {
        let collector = try TraceCollector()
        let exporter = try Self.exporter(collector, queue: 7)
        let registry = MetricRegistry()
        try exporter.join(registry)
        for _ in 0..<5 { exporter.add(Self.call()) }
        #expect(exporter.dropped == 9)
        #expect(registry.prometheusText().contains("\nprax_spans_dropped_total 9\n"))
        await exporter.close()
        #expect(try await collector.received(1).map(\.spans.count) == [6])
    }

    @Test(
        "are tried again where the collector asks for it, and else given up",
        arguments: [([503, 429, 200], 3, 0), ([503], 3, 3), ([400], 1, 3)]
    )
    func retries(_ statuses: [Int], _ requests: Int, _ dropped: Int) async throws {
        let collector = try TraceCollector(statuses: statuses)
        let reports = Mutex<[String]>([])
        let exporter = try Self.exporter(collector, report: { text in reports.withLock { $0.append(text) } })
        exporter.add(Self.call())
        await exporter.close()
        #expect(try await collector.received(requests).count == requests)
        #expect(exporter.dropped == dropped)
        #expect(reports.withLock { $0.count } == (dropped > 0 ? 1 : 0))
    }

    @Test("cannot go to what is no address", arguments: ["ftp://h/", "nonsense", "http://u:p@h/", "http://h/ x"])
    func address(_ url: String) {
        #expect(throws: HTTPError.self) { try SpanExporter(OTLPSettings(url: url), client: HTTPClient(), version: "") }
    }
}
