import Access
import Core
import Gateway
import HTTPTypes
import NIOCore
import PraximousJSON

/// OpenAI's API as its SDKs use it: chat completions, embeddings, models.
struct OpenAIRoutes: Sendable {
    let reader: DialectReader
    let exchange: ChatExchange
    let repeats: RepeatedRequests
    let authenticator: Authenticator

    var routes: [APIRoute] {
        [chat, embeddings] + ModelRoutes(authenticator: authenticator, pipeline: exchange.pipeline).routes
    }

    private var chat: APIRoute {
        APIRoute(
            method: .post,
            path: "/v1/chat/completions",
            id: "createChatCompletion",
            summary:
                "OpenAI's chat completions: `model` is a route, a provider entry or a model. With `stream` its chunks "
                + "are streamed. Members that are not listed pass to the provider.",
            protection: .pipeline,
            requestSchema: Self.chatSchema,
            answers: [
                .init(status: 200, description: "The completion, or its chunks.", schema: ["type": "object"])
            ] + Self.errors,
            pipeline: complete
        )
    }

    private var embeddings: APIRoute {
        APIRoute(
            method: .post,
            path: "/v1/embeddings",
            id: "createEmbedding",
            summary: "OpenAI's embeddings: vectors for one text or several.",
            protection: .pipeline,
            requestSchema: Self.embeddingSchema,
            answers: [.init(status: 200, description: "The vectors.", schema: ["type": "object"])] + Self.errors,
            pipeline: embed
        )
    }

    private static let errors: [APIRoute.Answer] = [400, 404, 408, 409, 413, 422, 429, 500, 502, 503, 504].map {
        .init(
            status: $0,
            description: "An error in OpenAI's form; a provider's own status is kept.",
            schema: ["$ref": "#/components/schemas/OpenAIError"]
        )
    }

    private static let chatSchema: JSON = [
        "type": "object",
        "required": ["model", "messages"],
        "properties": [
            "model": ["type": "string"],
            "messages": ["type": "array", "minItems": 1, "items": ["type": "object"]],
            "stream": ["type": ["boolean", "null"]],
            "stream_options": [
                "type": ["object", "null"], "properties": ["include_usage": ["type": ["boolean", "null"]]],
            ],
            "n": ["type": ["integer", "null"], "minimum": 1, "maximum": 128],
            "max_tokens": ["type": ["integer", "null"]],
            "temperature": ["type": ["number", "null"]],
            "tools": ["type": ["array", "null"], "items": ["type": "object"]],
        ],
        "additionalProperties": true,
    ]

    private static let embeddingSchema: JSON = [
        "type": "object",
        "required": ["model", "input"],
        "properties": [
            "model": ["type": "string"],
            "input": [
                "oneOf": [
                    ["type": "string"],
                    [
                        "type": "array", "items": ["type": "string"], "minItems": 1,
                        "maxItems": .integer(OpenAIEmbeddingBody.maxInputs),
                    ],
                ]
            ],
            "dimensions": ["type": ["integer", "null"], "minimum": 1],
            "encoding_format": ["enum": ["float", "base64"]],
        ],
        "additionalProperties": true,
    ]

    private func complete(_ request: IncomingRequest) async throws -> Answer {
        var includesUsage = false
        let asked = reader.read(request) { members throws(Failure) -> ChatRequest in
            let body = try OpenAIChatBody(members)
            includesUsage = body.includesUsage
            return ChatRequest(
                model: body.model,
                isStreaming: body.isStreaming,
                body: body.members,
                dialect: .openai,
                idempotencyKey: request.idempotencyKey
            )
        }
        let repeated = asked.repeated(\.model, isStreaming: \.isStreaming)
        return try await repeats.answer(request, repeated) { ticket, refusal in
            let asked = asked.refused(by: refusal)
            if case .success(let chat) = asked.asked, chat.isStreaming {
                let writer = OpenAIStreamWriter(includesUsage: includesUsage)
                return try await exchange.stream(asked, request.client, writer, ticket)
            }
            let answer = try await exchange.answer(asked)
            return Answer(json: answer.completion, DialectHeaders.of(answer), keptBy: ticket)
        }
    }

    private func embed(_ request: IncomingRequest) async throws -> Answer {
        var isBase64 = false
        let asked = reader.read(request) { members throws(Failure) -> EmbeddingRequest in
            let body = try OpenAIEmbeddingBody(members)
            isBase64 = body.isBase64
            return EmbeddingRequest(
                model: body.model,
                inputs: body.inputs,
                dimensions: body.dimensions
            )
        }
        let repeated = asked.repeated(\.model, isStreaming: { _ in false })
        return try await repeats.answer(request, repeated) { ticket, refusal in
            let answer = try await exchange.embed(asked.refused(by: refusal))
            let list = OpenAIEmbeddingList(
                numbers: answer.vectors,
                dimensions: answer.dimensions,
                model: answer.model,
                inputTokens: answer.usage?.inputTokens ?? 0,
                isEstimated: answer.usage?.isEstimated ?? true,
                isBase64: isBase64
            )
            return Answer(json: list.encoded(), DialectHeaders.of(answer), keptBy: ticket)
        }
    }
}
