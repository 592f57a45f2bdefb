import Access
import Core
import Gateway
import HTTPTypes
import Hummingbird
import Limits
import NIOHTTP1
import PraximousJSON

/// `POST /api/v1/process`: calls a skill.
struct ProcessRoute: Sendable {
    let reader: DialectReader
    let pipeline: RequestPipeline
    let starter: StreamStarter
    let heartbeats: Heartbeats
    let repeats: RepeatedRequests
    let keys: KeyWatch

    var route: APIRoute {
        APIRoute(
            method: .post,
            path: "/api/v1/process",
            id: "process",
            summary: "Call a skill or a model: `task_type` names the skill or the route, the other members are its "
                + "parameters. With `Accept: text/event-stream` a skill's events are streamed.",
            protection: .pipeline,
            requestSchema: Self.requestSchema,
            answers: [
                .init(
                    status: 200,
                    description: "The skill's result.",
                    schema: ["$ref": "#/components/schemas/Success"]
                ),
                .error(400, "The skill refused, or the operation is unknown."),
                .error(404, "No skill of that name."),
                .error(413, "The body is too large."),
                .error(422, "The body is not JSON, or the parameters do not fit the skill."),
                .error(429, "A limit of the key, its user or its team is met."),
                .error(503, "The skill or the audit log is not available."),
                .error(504, "The skill did not answer in time."),
            ],
            pipeline: respond
        )
    }

    private static let requestSchema: JSON = [
        "type": "object",
        "required": ["task_type"],
        "properties": [
            "task_type": ["type": "string", "description": "The skill to call."],
            "prompt": ["type": "string", "description": "The text to work on."],
            "operation": ["type": "string", "description": "Which of the skill's operations; it has a default."],
        ],
        "additionalProperties": true,
    ]

    private func respond(_ request: IncomingRequest) async throws -> Answer {
        let asked = reader.read(
            request,
            decoding: { [reader] body throws(Failure) in
                try SkillRequest(body: try reader.json(of: body))
            }
        )
        let isStreaming = request.acceptsEventStream
        let repeated = asked.repeated(\.taskType, isStreaming: { _ in isStreaming })
        return try await repeats.answer(request, repeated) { ticket, refusal in
            let asked = asked.refused(by: refusal)
            guard !isStreaming else { return try await stream(asked, request, ticket) }
            let answer = try await pipeline.process(
                asked.origin,
                principal: asked.principal,
                request: asked.asked,
                requestBytes: asked.bodyBytes
            )
            var headers = HTTPHeaders()
            if let rateLimit = answer.rateLimit { headers.add(rateLimit) }
            return Answer(json: envelope(answer, requestID: request.requestID), headers, keptBy: ticket)
        }
    }

    private func stream(
        _ asked: DialectRequest<SkillRequest>,
        _ request: IncomingRequest,
        _ ticket: IdempotencyTicket?
    ) async throws -> Answer {
        let source = starter.start(
            asked.asked,
            .init(),
            asked.origin,
            principal: asked.principal,
            requestBytes: asked.bodyBytes
        )
        return try await ProcessStream(
            source: source,
            requestID: request.requestID,
            client: request.client,
            heartbeats: heartbeats,
            kept: KeptStream(ticket),
            principal: asked.principal,
            keys: keys
        ).answer()
    }

    /// The members every success has, null when there is nothing to say; the result's bytes go through untouched.
    private func envelope(_ answer: SkillAnswer, requestID: String) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(answer.result.count + 192)
        output.append(contentsOf: #"{"status":"success","result":"#.utf8)
        output.append(contentsOf: answer.result)
        output.append(contentsOf: #","message":"#.utf8)
        (answer.message.map(JSON.string) ?? .null).write(to: &output)
        output.append(contentsOf: #","details":null,"request_id":""#.utf8)
        output.append(contentsOf: requestID.utf8)
        output.append(contentsOf: #"","provider":"#.utf8)
        JSON.write(answer.provider, to: &output)
        output.append(contentsOf: #","usage":"#.utf8)
        (answer.usage?.json ?? .null).write(to: &output)
        output.append(contentsOf: #","latency_ms":"#.utf8)
        let microseconds = answer.latencyMicroseconds
        output.append(contentsOf: "\(microseconds / 1000).\(String(1000 + microseconds % 1000).dropFirst())".utf8)
        output.append(UInt8(ascii: "}"))
        return output
    }
}

extension Request {
    /// Whether the client asked for the events of the call rather than for one answer.
    var acceptsEventStream: Bool {
        headers[values: .accept].contains { $0.lowercased().contains("text/event-stream") }
    }
}

extension APIRoute.Answer {
    static func error(_ status: Int, _ description: String) -> APIRoute.Answer {
        .init(status: status, description: description, schema: ["$ref": "#/components/schemas/Error"])
    }
}

extension Failure {
    static let bodyIncomplete = Failure(
        .invalid,
        code: "incomplete_body",
        message: "The connection ended before the body was complete."
    )

    init(jsonError error: JSONError) {
        switch error.reason {
        case .tooDeep:
            self.init(
                .unprocessable,
                code: "json_too_deep",
                message: "The JSON is \(error).",
                hint: "Flatten it, or raise http.max_nesting in config/praximous.yaml."
            )
        case .duplicateKey:
            self.init(.unprocessable, code: "duplicate_key", message: "JSON decode error: \(error).")
        default:
            self.init(
                .unprocessable,
                code: "invalid_json",
                message: "JSON decode error: \(error).",
                hint: "Send one JSON object in UTF-8."
            )
        }
    }
}
