import Core
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
package import PraximousJSON

/// What the routes about plugins show: how each stands, and what has been counted.
package struct PluginViews: Sendable {
    /// One object for each plugin, by name.
    let plugins: @Sendable () -> [JSON]
    /// One object for each provider entry, in the order of the file.
    let providers: @Sendable () -> [JSON]
    /// All counters in Prometheus' text format, version 0.0.4.
    let metrics: @Sendable () -> String

    package init(
        plugins: @escaping @Sendable () -> [JSON],
        providers: @escaping @Sendable () -> [JSON],
        metrics: @escaping @Sendable () -> String
    ) {
        self.plugins = plugins
        self.providers = providers
        self.metrics = metrics
    }
}

/// `GET /api/v1/plugins`, `GET /api/v1/plugins/{owner}/{name}` and `GET /metrics`.
struct PluginRoutes: Sendable {
    let views: PluginViews

    var routes: [APIRoute] {
        [
            APIRoute(
                method: .get,
                path: "/api/v1/plugins",
                id: "listPlugins",
                summary: "Every plugin: how it runs, which layers hold, how often it has failed.",
                protection: .scope(.pluginsRead),
                answers: [.init(status: 200, description: "The plugins, by name.", schema: Self.listSchema)],
                handler: { _, _ in Response(json: ["plugins": .array(views.plugins())]) }
            ),
            APIRoute(
                method: .get,
                path: "/api/v1/plugins/{owner}/{name}",
                id: "showPlugin",
                summary: "One plugin.",
                protection: .scope(.pluginsRead),
                answers: [
                    .init(status: 200, description: "How it stands.", schema: Self.pluginSchema),
                    .error(404, "No plugin of that name."),
                ],
                handler: { _, context in try show(context) }
            ),
            APIRoute(
                method: .get,
                path: "/api/v1/providers",
                id: "listProviders",
                summary: "Every provider of config/providers.yaml: its models, how it stands, what went wrong last.",
                protection: .scope(.pluginsRead),
                answers: [
                    .init(
                        status: 200,
                        description: "The providers, in the order of the file.",
                        schema: [
                            "type": "object",
                            "properties": ["providers": ["type": "array", "items": ["type": "object"]]],
                        ]
                    )
                ],
                handler: { _, _ in Response(json: ["providers": .array(views.providers())]) }
            ),
            APIRoute(
                method: .get,
                path: "/metrics",
                id: "metrics",
                summary: "Counters for Prometheus, in its text format.",
                protection: .scope(.auditRead),
                answers: [
                    .init(status: 200, description: "The text.", schema: ["type": "string"], mediaType: "text/plain")
                ],
                handler: { _, _ in
                    Response(
                        status: .ok,
                        headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                        body: ResponseBody(byteBuffer: ByteBuffer(string: views.metrics()))
                    )
                }
            ),
        ]
    }

    private static let listSchema: JSON = [
        "type": "object",
        "properties": ["plugins": ["type": "array", "items": pluginSchema]],
    ]

    private static let pluginSchema: JSON = [
        "type": "object",
        "properties": [
            "state": [
                "type": "string",
                "enum": ["running", "starting", "idle", "restarting", "quarantined", "hung", "refused"],
                "description": "`idle` has no process now; the next call starts one.",
            ],
            "reason": ["type": ["string", "null"], "description": "Why it is in that state."],
            "isolation": [
                "type": "object",
                "properties": [
                    "mode": ["type": "string", "enum": ["inproc", "process", "sandbox", "strict"]],
                    "starts": [
                        "type": "string", "enum": ["host", "first_call"],
                        "description": "Whether its first worker starts with the host or with its first call.",
                    ],
                ],
            ],
        ],
    ]

    private func show(_ context: APIContext) throws -> Response {
        let name = [context.parameters.get("owner"), context.parameters.get("name")].compactMap(\.self)
            .map { $0.removingPercentEncoding ?? $0 }.joined(separator: "/")
        guard let plugin = views.plugins().first(where: { $0["name"]?.stringValue == name }) else {
            throw Failure(
                .notFound,
                code: "unknown_plugin",
                message: "Plugin '\(name.prefix(128))' not found.",
                hint: "GET /api/v1/plugins lists what this host has."
            )
        }
        return Response(json: plugin)
    }
}
