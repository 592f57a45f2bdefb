import Access
import Core
import Foundation
import Gateway
import HTTPTypes
import NIOHTTP1
import PraximousJSON

/// Anthropic's API as its SDKs use it: messages, and an estimate of their tokens.
struct AnthropicRoutes: Sendable {
    let reader: DialectReader
    let exchange: ChatExchange
    let repeats: RepeatedRequests

    var routes: [APIRoute] {
        [
            APIRoute(
                method: .post,
                path: "/v1/messages",
                id: "createMessage",
                summary: "Anthropic's messages: `model` is a route, a provider entry or a model of any vendor. With "
                    + "`stream` its events are streamed.",
                protection: .pipeline,
                requestSchema: Self.schema,
                answers: [.init(status: 200, description: "The message, or its events.", schema: ["type": "object"])]
                    + Self.errors,
                pipeline: create
            ),
            APIRoute(
                method: .post,
                path: "/v1/messages/count_tokens",
                id: "countMessageTokens",
                summary: "An estimate of a request's input tokens: four bytes of text for each. No provider is asked.",
                protection: .scope(.modelsInvoke),
                requestSchema: Self.countSchema,
                answers: [
                    .init(
                        status: 200,
                        description: "The estimate.",
                        schema: ["type": "object", "properties": ["input_tokens": ["type": "integer"]]]
                    )
                ] + Self.errors,
                pipeline: count
            ),
        ]
    }

    private static let errors: [APIRoute.Answer] = [400, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504, 529].map {
        .init(
            status: $0,
            description: "An error in Anthropic's form; a provider's own status is kept.",
            schema: ["$ref": "#/components/schemas/AnthropicError"]
        )
    }

    private static let schema = schema(required: ["model", "max_tokens", "messages"])
    private static let countSchema = schema(required: ["model", "messages"])

    private static func schema(required: JSON) -> JSON {
        [
            "type": "object",
            "required": required,
            "properties": [
                "model": ["type": "string"],
                "max_tokens": ["type": "integer", "minimum": 1],
                "messages": ["type": "array", "minItems": 1, "items": ["type": "object"]],
                "system": ["oneOf": [["type": "string"], ["type": "array", "items": ["type": "object"]]]],
                "stream": ["type": "boolean"],
                "tools": ["type": "array", "items": ["type": "object"]],
            ],
            "additionalProperties": true,
        ]
    }

    private func create(_ request: IncomingRequest) async throws -> Answer {
        var model = ""
        var wantsThinking = false
        let asked = reader.read(request) { members throws(Failure) -> ChatRequest in
            let inner = try AnthropicRequest(members, betas: request.betas)
            model = inner.model
            wantsThinking = inner.wantsThinking
            return ChatRequest(
                model: inner.model,
                isStreaming: inner.isStreaming,
                body: inner.body,
                dialect: .anthropic,
                idempotencyKey: request.idempotencyKey
            )
        }
        let repeated = asked.repeated(\.model, isStreaming: \.isStreaming)
        var response = try await repeats.answer(request, repeated) { ticket, refusal in
            let asked = asked.refused(by: refusal)
            if case .success(let chat) = asked.asked, chat.isStreaming {
                let writer = AnthropicStreamWriter(
                    requestID: request.requestID,
                    model: model,
                    wantsThinking: wantsThinking
                )
                return try await exchange.stream(asked, request.client, writer, ticket)
            }
            let answer = try await exchange.answer(asked)
            let message = try AnthropicMessage(answer, model: model, wantsThinking: wantsThinking)
            return Answer(json: message.json.encoded(), DialectHeaders.of(answer), keptBy: ticket)
        }
        response.headers.replaceOrAdd(name: "request-id", value: request.requestID)
        return response
    }

    private func count(_ request: IncomingRequest) async throws -> Answer {
        let counted = reader.read(request) { members throws(Failure) -> Int in
            try AnthropicTokenCount(members).inputTokens
        }
        guard try request.principal.get().allows(.modelsInvoke) else { throw Failure.missing(.modelsInvoke) }
        var response = Answer(json: ["input_tokens": .integer(try counted.asked.get())])
        response.headers.add(name: "request-id", value: request.requestID)
        return response
    }
}

extension IncomingRequest {
    /// What of Anthropic's API the client wants although it is not settled yet.
    fileprivate var betas: [String] {
        headers["anthropic-beta"].flatMap { $0.split(separator: ",") }
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }
}
