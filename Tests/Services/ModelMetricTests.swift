import Core
import Services
import Testing

@Suite("The metrics of models") struct ModelMetricTests {
    private static let second: UInt64 = 1_000_000_000

    private let registry = MetricRegistry()
    private let metrics = ModelMetrics(maxSeries: 3)

    init() throws { try metrics.join(registry) }

    private func call(_ model: String = "gpt", known: Bool = true, streams: Bool = false) -> ModelCall {
        var call = ModelCall(
            requestID: "r",
            operation: .chat,
            isStreaming: streams,
            trace: RequestTrace(requestID: "r", client: nil, sample: 0),
            receivedAt: 0,
            startedAt: 5 * Self.second
        )
        call.requestModel = model
        call.isRequestModelKnown = known
        call.isResponseModelKnown = known
        call.endedAt = 8 * Self.second
        call.waitedNanoseconds = 3 * Self.second - 200_000
        let answer = ModelCall.Attempt(
            provider: "work",
            type: "openai",
            model: model + "-2",
            startedAt: call.startedAt,
            endedAt: call.endedAt,
            failure: nil
        )
        call.attempts = [answer]
        call.answer = answer
        call.usage = TokenUsage(inputTokens: 10, outputTokens: 5)
        call.costMicros = 1
        return call
    }

    private func lines(_ prefix: String) -> [String] {
        registry.prometheusText().split(separator: "\n").map(String.init).filter { $0.hasPrefix(prefix) }
    }

    @Test("have the names and bounds of the conventions")
    func request() {
        metrics.began(isStreaming: true)
        var call = call(streams: true)
        call.firstTokenAt = 6 * Self.second
        metrics.record(call)
        let labels = """
            gen_ai_operation_name="chat",gen_ai_provider_name="openai",gen_ai_request_model="gpt",\
            gen_ai_response_model="gpt-2",error_type=""
            """
        #expect(
            lines("gen_ai_server_request_duration_seconds_bucket").suffix(6)
                == [
                    "gen_ai_server_request_duration_seconds_bucket{\(labels),le=\"2.56\"} 0",
                    "gen_ai_server_request_duration_seconds_bucket{\(labels),le=\"5.12\"} 1",
                    "gen_ai_server_request_duration_seconds_bucket{\(labels),le=\"10.24\"} 1",
                    "gen_ai_server_request_duration_seconds_bucket{\(labels),le=\"20.48\"} 1",
                    "gen_ai_server_request_duration_seconds_bucket{\(labels),le=\"40.96\"} 1",
                    "gen_ai_server_request_duration_seconds_bucket{\(labels),le=\"81.92\"} 1",
                    "gen_ai_server_request_duration_seconds_bucket{\(labels),le=\"+Inf\"} 1",
                ].suffix(6)
        )
        #expect(
            lines("gen_ai_server_time_to_first_token_seconds_sum") == [
                "gen_ai_server_time_to_first_token_seconds_sum{\(labels)} 1"
            ]
        )
        // Two seconds for the four tokens after the first.
        #expect(
            lines("gen_ai_server_time_per_output_token_seconds_sum") == [
                "gen_ai_server_time_per_output_token_seconds_sum{\(labels)} 0.5"
            ]
        )
        #expect(
            lines("gen_ai_client_token_usage_sum") == [
                "gen_ai_client_token_usage_sum{\(labels),gen_ai_token_type=\"input\"} 10",
                "gen_ai_client_token_usage_sum{\(labels),gen_ai_token_type=\"output\"} 5",
            ]
        )
    }

    @Test("count attempts, cost to the millionth, refusals, the host's own time and open streams")
    func counters() {
        var failed = call()
        failed.answer = nil
        failed.failure = Failure(.rateLimit, code: "budget_exceeded", message: "")
        failed.isRefusedByLimit = true
        failed.attempts = [
            ModelCall.Attempt(
                provider: "work",
                type: "openai",
                model: "m",
                startedAt: 0,
                endedAt: 1,
                failure: Failure(.deadline, code: "upstream_timeout", message: "")
            )
        ]
        failed.costMicros = nil
        metrics.began(isStreaming: true)
        metrics.record(call())
        metrics.record(call())
        metrics.record(failed)
        #expect(
            lines("prax_provider_attempts_total{") == [
                #"prax_provider_attempts_total{provider="work",outcome="deadline"} 1"#,
                #"prax_provider_attempts_total{provider="work",outcome="success"} 2"#,
            ]
        )
        #expect(lines("prax_cost_usd_total{") == [#"prax_cost_usd_total{provider="work",model="gpt-2"} 2e-06"#])
        #expect(lines("prax_limit_refusals_total{") == [#"prax_limit_refusals_total{code="budget_exceeded"} 1"#])
        #expect(lines("prax_open_streams ") == ["prax_open_streams 1"])
        #expect(lines(#"prax_gateway_overhead_seconds_bucket{le="0.0001"}"#).last?.hasSuffix(" 0") == true)
        #expect(lines(#"prax_gateway_overhead_seconds_bucket{le="0.00025"}"#).last?.hasSuffix(" 3") == true)
    }

    @Test("count a model that the configuration does not name as other, and all of them once there are too many")
    func bounded() {
        metrics.record(call("invented", known: false))
        #expect(
            lines("gen_ai_server_request_duration_seconds_count") == [
                #"gen_ai_server_request_duration_seconds_count{gen_ai_operation_name="chat","#
                    + #"gen_ai_provider_name="openai",gen_ai_request_model="other",gen_ai_response_model="other","#
                    + #"error_type=""} 1"#
            ]
        )
        for number in 0..<20 { metrics.record(call("model-\(number)")) }
        #expect(lines("gen_ai_server_request_duration_seconds_count").count == 4)
        #expect(lines("prax_cost_usd_total{").count == 3)
    }
}
