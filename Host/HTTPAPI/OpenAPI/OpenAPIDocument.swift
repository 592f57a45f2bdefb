import Core
import HTTPTypes
import PraximousJSON

/// The OpenAPI 3.1 description, made from the routes themselves.
struct OpenAPIDocument: Sendable {
    let routes: [APIRoute]

    var json: JSON {
        var paths = JSONObject()
        for route in routes {
            var operations = paths[route.path]?.objectValue ?? JSONObject()
            operations[route.method.rawValue.lowercased()] = operation(route)
            paths[route.path] = .object(operations)
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Praximous API",
                "version": .string(HostVersion.text),
                "description": "A self-hosted AI gateway made of plugins.",
                "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
            ],
            "paths": .object(paths),
            "components": ["securitySchemes": Self.securitySchemes, "schemas": Self.schemas],
        ]
    }

    private func operation(_ route: APIRoute) -> JSON {
        var object: JSONObject = ["operationId": .string(route.id), "summary": .string(route.summary)]
        if !route.pathParameters.isEmpty {
            object["parameters"] = .array(
                route.pathParameters.map { name in
                    ["name": .string(name), "in": "path", "required": true, "schema": ["type": "string"]]
                }
            )
        }
        if let schema = route.requestSchema {
            object["requestBody"] = ["required": true, "content": ["application/json": ["schema": schema]]]
        }
        if route.protection != .open { object["security"] = [["apiKey": []], ["bearer": []]] }
        var responses = JSONObject()
        for answer in route.answers + refusals(of: route) {
            responses[String(answer.status)] = [
                "description": .string(answer.description),
                "content": .object([answer.mediaType: ["schema": answer.schema]]),
            ]
        }
        object["responses"] = .object(responses)
        return .object(object)
    }

    private func refusals(of route: APIRoute) -> [APIRoute.Answer] {
        guard route.protection != .open else { return [] }
        return [.error(401, "No API key was shown."), .error(403, "The API key is not valid, or may not do this.")]
    }

    private static let securitySchemes: JSON = [
        "apiKey": ["type": "apiKey", "in": "header", "name": "X-API-Key"],
        "bearer": ["type": "http", "scheme": "bearer"],
    ]

    private static let schemas: JSON = [
        "Success": [
            "type": "object",
            "required": ["status", "result", "message", "details", "request_id"],
            "properties": [
                "status": ["const": "success"],
                "result": ["description": "What the skill answered."],
                "message": ["type": ["string", "null"]],
                "details": [:],
                "request_id": ["type": "string", "format": "uuid"],
                "provider": ["type": "string"],
                "usage": [:],
                "latency_ms": ["type": "number"],
            ],
        ],
        "Error": [
            "type": "object",
            "required": ["detail", "error", "request_id"],
            "properties": [
                "detail": ["type": "string", "description": "One sentence for people."],
                "error": [
                    "type": "object",
                    "required": ["code", "message"],
                    "properties": [
                        "code": ["type": "string", "description": "A word that stays the same between versions."],
                        "message": ["type": "string"],
                        "hint": ["type": ["string", "null"]],
                        "fields": ["type": "array", "items": ["type": "object"]],
                    ],
                ],
                "request_id": ["type": "string", "format": "uuid"],
            ],
        ],
        "OpenAIError": [
            "type": "object",
            "required": ["error"],
            "properties": [
                "error": [
                    "type": "object",
                    "required": ["message", "type", "param", "code"],
                    "properties": [
                        "message": ["type": "string"], "type": ["type": "string"],
                        "param": ["type": ["string", "null"]], "code": ["type": ["string", "null"]],
                    ],
                ]
            ],
        ],
        "AnthropicError": [
            "type": "object",
            "required": ["type", "error"],
            "properties": [
                "type": ["const": "error"],
                "error": [
                    "type": "object",
                    "required": ["type", "message"],
                    "properties": ["type": ["type": "string"], "message": ["type": "string"]],
                ],
                "request_id": ["type": "string", "format": "uuid"],
            ],
        ],
        "Capabilities": [
            "type": "object",
            "required": ["skill_name", "description", "operations"],
            "properties": [
                "skill_name": ["type": "string"],
                "description": ["type": "string"],
                "operations": ["type": "object", "additionalProperties": ["type": "object"]],
                "name": ["type": "string"],
                "version": ["type": "string"],
                "kind": ["type": "string"],
            ],
        ],
    ]
}
