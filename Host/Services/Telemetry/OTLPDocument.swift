import Core
import PraximousJSON

/// Finished requests as an `ExportTraceServiceRequest` in OTLP's JSON encoding: ids are hexadecimal, 64-bit numbers are
/// texts (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).
///
/// Names of attributes are those of OpenTelemetry's semantic conventions for generative AI.
enum OTLPDocument {
    private enum Kind: Int {
        case server = 2
        case client = 3
    }

    static func encode(_ calls: [ModelCall], version: String) -> [UInt8] {
        let document: JSON = [
            "resourceSpans": [
                [
                    "resource": [
                        "attributes": attributes([
                            ("service.name", .string("praximous")), ("service.version", .string(version)),
                        ])
                    ],
                    "scopeSpans": [
                        [
                            "scope": ["name": "praximous", "version": .string(version)],
                            "spans": .array(calls.flatMap(spans)),
                        ]
                    ],
                ]
            ]
        ]
        return document.encoded()
    }

    private static func spans(of call: ModelCall) -> [JSON] {
        [requestSpan(of: call)] + call.attempts.indices.map { attemptSpan($0, of: call) }
    }

    private static func requestSpan(of call: ModelCall) -> JSON {
        var about = common(call)
        if let answer = call.answer {
            about.append(("gen_ai.provider.name", .string(answer.type)))
            about.append(("gen_ai.response.model", .string(answer.model)))
            about.append(("praximous.provider", .string(answer.provider)))
        }
        if let usage = call.usage {
            about.append(("gen_ai.usage.input_tokens", .integer(usage.inputTokens)))
            about.append(("gen_ai.usage.output_tokens", .integer(usage.outputTokens)))
            about.append(("gen_ai.usage.cache_read.input_tokens", .integer(usage.cachedInputTokens)))
            about.append(("praximous.usage.estimated", .bool(usage.isEstimated)))
        }
        if let reason = call.finishReason {
            about.append(("gen_ai.response.finish_reasons", .array([.string(reason)])))
        }
        if let first = call.firstTokenAt {
            let microseconds = (first &- call.startedAt) / 1000
            about.append(("praximous.time_to_first_token_us", .integer(Int(clamping: microseconds))))
        }
        if let cost = call.costMicros { about.append(("praximous.cost_micros", .integer(Int(cost)))) }
        about.append(("praximous.request_id", .string(call.requestID)))
        about.append(("praximous.attempts", .integer(call.attempts.count)))
        about.append(("praximous.overhead_us", .integer(Int(clamping: call.overheadNanoseconds / 1000))))
        return span(
            call,
            (call.trace.spanID, parent: call.trace.parentSpanID),
            .server,
            model: call.requestModel,
            (call.startedAt, call.endedAt),
            call.failure,
            about
        )
    }

    private static func attemptSpan(_ index: Int, of call: ModelCall) -> JSON {
        let attempt = call.attempts[index]
        let about =
            common(call) + [
                ("gen_ai.provider.name", .string(attempt.type)), ("praximous.provider", .string(attempt.provider)),
                ("praximous.attempt", .integer(index + 1)),
            ]
        return span(
            call,
            (call.trace.spanID(ofAttempt: index + 1), parent: call.trace.spanID),
            .client,
            model: attempt.model,
            (attempt.startedAt, attempt.endedAt),
            attempt.failure,
            about
        )
    }

    private static func common(_ call: ModelCall) -> [(String, JSON)] {
        [("gen_ai.operation.name", .string(call.operation.name)), ("gen_ai.request.stream", .bool(call.isStreaming))]
    }

    private static func span(
        _ call: ModelCall,
        _ ids: (UInt64, parent: UInt64?),
        _ kind: Kind,
        model: String,
        _ times: (UInt64, UInt64),
        _ failure: Failure?,
        _ about: [(String, JSON)]
    ) -> JSON {
        var about = about
        if !model.isEmpty { about.append(("gen_ai.request.model", .string(model))) }
        if let failure { about.append(("error.type", .string(failure.code))) }
        var span: JSONObject = [
            "traceId": .string(call.trace.traceID.text),
            "spanId": .string(TraceContext.hexText(ids.0)),
            "name": .string(model.isEmpty ? call.operation.name : "\(call.operation.name) \(model)"),
            "kind": .integer(kind.rawValue),
            "startTimeUnixNano": nanoseconds(times.0, in: call),
            "endTimeUnixNano": nanoseconds(times.1, in: call),
            "attributes": attributes(about),
            // 2 is an error; a span is not marked ok, which is for its reader to say.
            "status": failure == nil ? [:] : ["code": 2],
        ]
        if let parent = ids.parent { span["parentSpanId"] = .string(TraceContext.hexText(parent)) }
        return .object(span)
    }

    private static func nanoseconds(_ moment: UInt64, in call: ModelCall) -> JSON {
        let since = Int64(bitPattern: moment &- call.startedAt)
        return .string(String(call.receivedAt &* 1000 &+ since))
    }

    private static func attributes(_ pairs: [(String, JSON)]) -> JSON {
        .array(pairs.map { ["key": .string($0.0), "value": value($0.1)] })
    }

    private static func value(_ value: JSON) -> JSON {
        switch value {
        case .string: ["stringValue": value]
        case .bool: ["boolValue": value]
        case .array(let values): ["arrayValue": ["values": .array(values.map(self.value))]]
        default: ["intValue": .string(value.text)]
        }
    }
}
