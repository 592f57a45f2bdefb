import Access
import Core
import Foundation
import Gateway
import HTTPTypes
import Hummingbird
import NIOCore
import PraximousJSON

/// The store over HTTP, for administrators: what `prax-host plugins` does, with progress as events.
struct StoreRoutes: Sendable {
    let actions: StoreActions
    let authenticator: Authenticator
    let bodies: BodyReader
    let tasks: CallTasks
    let limits: HTTPLimits

    var routes: [APIRoute] {
        [
            route(.get, "/api/v1/registry/packages", "searchPackages", "Packages of the store: `q`, `kind`, `limit`.") {
                request,
                _ in
                let parameters = request.uri.queryParameters
                let limit = parameters["limit"].flatMap { Int($0) } ?? 100
                return .search(
                    term: parameters["q"].map(String.init),
                    kind: parameters["kind"].map(String.init),
                    limit: min(max(0, limit), 1000)
                )
            },
            route(.get, "/api/v1/registry/packages/{owner}/{name}", "showPackage", "One package, with its versions.") {
                .details(reference: try name(in: $1))
            },
            route(.get, "/api/v1/registry/outdated", "outdatedPlugins", "What could be upgraded.") { _, _ in .outdated
            },
            route(.post, "/api/v1/plugins/install", "installPlugins", "Install packages.", body: Self.installSchema) {
                let body = try await StoreBody(bodies.read($0, $1), limits)
                return .install(references: try body.names("references"), body.options)
            },
            route(.post, "/api/v1/plugins/upgrade", "upgradePlugins", "Upgrade packages.", body: Self.upgradeSchema) {
                let body = try await StoreBody(bodies.read($0, $1), limits)
                return .upgrade(names: try body.has("names") ? body.names("names") : [], body.options)
            },
            route(.post, "/api/v1/plugins/{owner}/{name}/upgrade", "upgradePlugin", "Upgrade one package.") {
                let body = try await StoreBody(bodies.read($0, $1), limits)
                return .upgrade(names: [try name(in: $1)], body.options)
            },
            route(.post, "/api/v1/plugins/{owner}/{name}/rollback", "rollbackPlugin", "Go back to a kept version.") {
                let body = try await StoreBody(bodies.read($0, $1), limits)
                return .rollback(name: try name(in: $1), version: try body.version("version"), body.options)
            },
            route(.post, "/api/v1/plugins/{owner}/{name}/enable", "enablePlugin", "Serve it again.") {
                .enable(name: try name(in: $1))
            },
            route(.post, "/api/v1/plugins/{owner}/{name}/disable", "disablePlugin", "Stop serving it.") {
                .disable(name: try name(in: $1))
            },
            route(.post, "/api/v1/plugins/{owner}/{name}/restart", "restartPlugin", "Give it a new worker.") {
                .restart(name: try name(in: $1))
            },
            route(.delete, "/api/v1/plugins/{owner}/{name}", "removePlugin", "Uninstall it; `purge` drops its data.") {
                let purge = $0.uri.queryParameters["purge"].map { ["1", "true", ""].contains($0) } ?? false
                return .remove(name: try name(in: $1), purge: purge)
            },
            uploadRoute,
        ]
    }

    private static let optionProperties: JSONObject = [
        "accept_permissions": [
            "description": "Grants that are accepted, as a refusal lists them, or `all`.",
            "oneOf": [["const": "all"], ["type": "array", "items": ["type": "string"]]],
        ],
        "force": ["type": "boolean"],
        "allow_unsigned": ["type": "boolean"],
        "pre": ["type": "boolean", "description": "Versions before a release count, too."],
    ]

    private static let installSchema = schema("references", isRequired: true)
    private static let upgradeSchema = schema("names", isRequired: false)

    private static func schema(_ list: String, isRequired: Bool) -> JSON {
        var properties = optionProperties
        properties[list] = ["type": "array", "items": ["type": "string"], "minItems": 1, "maxItems": 100]
        return [
            "type": "object", "properties": .object(properties),
            "required": isRequired ? [.string(list)] : [],
        ]
    }

    private func route(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ id: String,
        _ summary: String,
        body: JSON? = nil,
        read: @escaping @Sendable (Request, APIContext) async throws -> StoreRequest
    ) -> APIRoute {
        let changes = method != .get
        return APIRoute(
            method: method,
            path: path,
            id: id,
            summary: changes ? summary + " With `Accept: text/event-stream` its steps are streamed." : summary,
            protection: .pipeline,
            requestSchema: body,
            answers: Self.answers,
            handler: { request, context in
                let caller = try await caller(request, context, operation: Self.operation(of: id))
                let wanted = try await read(request, context)
                return try await respond(wanted, caller, request, context) {}
            }
        )
    }

    /// The word for the audit log before the request is read: `plugins.install` of `installPlugins`.
    private static func operation(of id: String) -> String {
        switch id {
        case "searchPackages": "registry.search"
        case "showPackage": "registry.details"
        case "outdatedPlugins": "registry.outdated"
        default: "plugins." + id.prefix { $0.isLowercase }
        }
    }

    private static let answers: [APIRoute.Answer] = [
        .init(status: 200, description: "What came of it.", schema: ["type": "object"]),
        .error(400, "The reference or the body cannot be read."),
        .error(404, "No such package, version or plugin."),
        .error(409, "It needs consent to permissions, or another plugin is in the way."),
        .error(422, "The body cannot be used, or the package was refused: not what was signed, or not for this host."),
        .error(500, "The host could not do it; its log says why."),
        .error(502, "The store cannot be reached."),
        .error(503, "Somebody else is changing plugins."),
    ]

    private var uploadRoute: APIRoute {
        APIRoute(
            method: .post,
            path: "/api/v1/plugins/upload",
            id: "uploadPlugin",
            summary: "Install the package or bundle that is the body; options are query parameters.",
            protection: .pipeline,
            answers: Self.answers + [.error(413, "The upload is too large.")],
            handler: { request, context in
                let caller = try await caller(request, context, operation: "plugins.upload")
                let reader = UploadReader(
                    folder: actions.uploadsFolder,
                    maxBytes: actions.maxUploadBytes,
                    bodies: bodies
                )
                let path = try await reader.read(request, context)
                let wanted = StoreRequest.installFile(
                    path: path,
                    StoreRequestOptions(query: request.uri.queryParameters)
                )
                return try await respond(wanted, caller, request, context) { unlink(path) }
            }
        )
    }

    /// Who asks; a refusal is written down, as these are the doors a thief of a key would try.
    private func caller(_ request: Request, _ context: APIContext, operation: String) async throws -> StoreCaller {
        let caller = StoreCaller(
            principal: try authenticator.authenticate(request.presentedKey).get(),
            origin: context.origin
        )
        guard !caller.principal.allows(.pluginsManage) else { return caller }
        let failure = Failure(
            .denied,
            code: "missing_scope",
            message: "This API key may not do this.",
            hint: "It needs the scope \(Scope.pluginsManage)."
        )
        await actions.refused(operation, caller, failure)
        throw failure
    }

    private func respond(
        _ wanted: StoreRequest,
        _ caller: StoreCaller,
        _ request: Request,
        _ context: APIContext,
        atEnd: @escaping @Sendable () -> Void
    ) async throws -> Response {
        let perform = actions.perform
        let job: StoreJob
        do throws(Failure) {
            job = try StoreJob(
                { progress in
                    defer { atEnd() }
                    return try await perform(wanted, caller, progress)
                },
                requestID: context.requestID,
                tasks: tasks
            )
        } catch {
            atEnd()
            throw error
        }
        return request.acceptsEventStream ? job.stream() : try await job.response()
    }

    private func name(in context: APIContext) throws -> String {
        [context.parameters.get("owner"), context.parameters.get("name")].compactMap(\.self)
            .map { $0.removingPercentEncoding ?? $0 }.joined(separator: "/")
    }
}
