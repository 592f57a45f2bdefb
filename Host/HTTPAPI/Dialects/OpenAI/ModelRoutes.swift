import Access
import Core
import Foundation
import Gateway
import HTTPTypes
import Hummingbird
import PraximousJSON

/// `GET /v1/models` and `GET /v1/models/{id}`: what this key may send as `model`, in the form of the SDK that asks.
struct ModelRoutes: Sendable {
    let authenticator: Authenticator
    let pipeline: ChatPipeline

    var routes: [APIRoute] {
        let error = JSON.object(["$ref": "#/components/schemas/OpenAIError"])
        return [
            APIRoute(
                method: .get,
                path: "/v1/models",
                id: "listModels",
                summary: "What this key may send as `model`: routes and models.",
                protection: .scope(.modelsRead),
                answers: [.init(status: 200, description: "The list.", schema: ["type": "object"])],
                handler: list
            ),
            APIRoute(
                method: .get,
                path: "/v1/models/{id}",
                id: "showModel",
                summary: "One of them; its name may have slashes.",
                protection: .scope(.modelsRead),
                answers: [
                    .init(status: 200, description: "The model.", schema: ["type": "object"]),
                    .init(status: 404, description: "No model of that name for this key.", schema: error),
                ],
                handler: show,
                takesRest: true
            ),
        ]
    }

    private func models(_ request: Request) throws -> [ModelDescription] {
        pipeline.models(for: try authenticator.authenticate(request.presentedKey).get())
    }

    private func list(_ request: Request, _ context: APIContext) throws -> Response {
        let models = try models(request)
        guard APIDialect(request) == .anthropic else {
            return Response(json: ["object": "list", "data": .array(models.map(\.openAI))])
        }
        return Response(json: [
            "data": .array(models.map(\.anthropic)), "has_more": false,
            "first_id": models.first.map { .string($0.id) } ?? .null,
            "last_id": models.last.map { .string($0.id) } ?? .null,
        ])
    }

    private func show(_ request: Request, _ context: APIContext) throws -> Response {
        let path = context.parameters.getCatchAll().joined(separator: "/")
        let name = path.removingPercentEncoding ?? path
        guard let model = try models(request).first(where: { $0.id == name }) else {
            throw Failure(
                .notFound,
                code: "model_not_found",
                message: "The model \(name.quotedForMessage()) does not exist, or this key may not use it.",
                hint: "GET /v1/models lists what it may use."
            )
        }
        return Response(json: APIDialect(request) == .anthropic ? model.anthropic : model.openAI)
    }
}

extension ModelDescription {
    /// Nothing is known of when a model was made: 0 is what OpenAI's SDK takes for a number.
    fileprivate var openAI: JSON {
        ["id": .string(id), "object": "model", "created": 0, "owned_by": .string(provider)]
    }

    fileprivate var anthropic: JSON {
        ["type": "model", "id": .string(id), "display_name": .string(id), "created_at": "1970-01-01T00:00:00Z"]
    }
}
