package import Access
import Core
package import Gateway
import HTTPTypes
package import Hummingbird
package import HummingbirdCore
import Limits
package import PluginRuntime

/// The whole HTTP API of one host: its routes behind their protections.
package struct HTTPInterface: Sendable {
    private let authenticator: Authenticator
    private let limits: HTTPLimits
    private let bodies: BodyReader
    private let webSockets: WebSocketHost
    private let routes: [APIRoute]
    private let heartbeats: Heartbeats
    private let date = DateLine()
    private let count: @Sendable (_ route: String, _ status: Int) -> Void
    private let keys: KeyWatch

    /// Without `chat` no models are served, nor the dialects of OpenAI and Anthropic.
    ///
    /// `count` hears of each answer; it must be quick.
    package init(
        limits: HTTPLimits,
        authenticator: Authenticator,
        pipeline: RequestPipeline,
        tasks: CallTasks,
        skills: SkillTable,
        views: PluginViews,
        store: StoreActions,
        chat: ChatPipeline? = nil,
        health: HostHealth,
        count: @escaping @Sendable (_ route: String, _ status: Int) -> Void = { _, _ in }
    ) {
        self.count = count
        self.limits = limits
        self.authenticator = authenticator
        bodies = BodyReader(limits: limits)
        // One nesting for all JSON of clients.
        var limits = limits
        limits.sessions.maxNesting = limits.maxNesting
        let starter = StreamStarter(skills: skills, pipeline: pipeline, chat: chat, tasks: tasks)
        let answers = IdempotencyStore()
        webSockets = WebSocketHost(
            limits: limits,
            authenticator: authenticator,
            streams: RepeatedStreams(store: answers, starter: starter)
        )
        let heartbeats = Heartbeats(every: .seconds(limits.heartbeatSeconds))
        self.heartbeats = heartbeats
        let repeats = RepeatedRequests(store: answers, pipeline: pipeline)
        let keys = KeyWatch(authenticator)
        self.keys = keys
        let reader = DialectReader(limits: limits)
        let process = ProcessRoute(
            reader: reader,
            pipeline: pipeline,
            starter: starter,
            heartbeats: heartbeats,
            repeats: repeats,
            keys: keys
        )
        let dialects = chat.map { chat -> [APIRoute] in
            let exchange = ChatExchange(
                pipeline: chat,
                tasks: tasks,
                heartbeats: heartbeats,
                keys: keys
            )
            let openAI = OpenAIRoutes(
                reader: reader,
                exchange: exchange,
                repeats: repeats,
                authenticator: authenticator
            )
            return openAI.routes
                + AnthropicRoutes(reader: reader, exchange: exchange, repeats: repeats).routes
        }
        let described =
            [process.route] + WebSocketRoutes(host: webSockets).routes + SkillRoutes(skills: skills).routes
            + PluginRoutes(views: views).routes
            + StoreRoutes(
                actions: store,
                authenticator: authenticator,
                bodies: bodies,
                tasks: tasks,
                limits: limits
            ).routes + HealthRoutes(health: health).routes
            + (dialects ?? [])
        routes = DocumentationRoutes(skills: skills, routes: described).all
    }

    /// Closes connections whose bodies take too long, keeps silent streams open, and ends those whose key no longer
    /// counts, until cancelled.
    ///
    /// One look for all connections once a second costs less than a timer for each request, nearly all of which arrive
    /// with their body complete.
    package func sweep() async throws {
        while !Task.isCancelled {
            try await Task.sleep(for: .seconds(1))
            let now = MonotonicClock.now()
            bodies.closeExpired(now: now)
            heartbeats.beat(now: now)
            keys.look()
            date.renew()
        }
    }

    /// Minds the time of WebSocket sessions, until cancelled.
    package func runWebSockets() async throws { try await webSockets.run() }

    /// What makes the server of this interface.
    ///
    /// `stall` is how long a client may take to read what waits for it.
    package func makeServer(stall: Duration) -> HTTPServerBuilder {
        let host = RequestHost(
            limits: limits,
            authenticator: authenticator,
            bodies: bodies,
            date: date,
            routes: routes,
            count: count
        )
        return HTTPServerBuilder { [webSockets] responder in
            HTTPChannel(responder: responder, webSockets: webSockets, requests: host, stall: stall)
        }
    }

    package func makeResponder() -> RouterResponder<APIContext> {
        let router = Router(context: APIContext.self, options: .autoGenerateHeadEndpoints)
        router.addMiddleware {
            AnswerCount(count: count)
            ErrorMiddleware()
            HeaderLimits(limits: limits)
        }
        var methods: [String: [HTTPRequest.Method]] = [:]
        for route in routes {
            methods[route.routerPath.description, default: []].append(route.method)
            guard let handler = route.handler else { continue }
            router.on(route.routerPath, method: route.method) { request, context in
                if let refusal = try refusal(of: request, route, context) { return refusal }
                return try await handler(request, context)
            }
        }
        for (path, allowed) in methods { refuseOtherMethods(router, RouterPath(path), allowed: allowed) }
        return router.buildResponder()
    }

    /// The answer for someone who may not use the route; nil when they may.
    private func refusal(of request: Request, _ route: APIRoute, _ context: APIContext) throws -> Response? {
        switch route.protection {
        case .open, .pipeline: return nil
        case .documentation where limits.isDocumentationPublic: return nil
        case .documentation:
            guard case .failure(let failure) = authenticator.authenticate(request.presentedKey) else { return nil }
            var response = failure.response(requestID: context.requestID)
            // A browser asks the person: any user name, the key as password.
            response.headers[.wwwAuthenticate] = "Basic realm=\"praximous: your API key as password\""
            return response
        case .scope(let scope):
            let principal = try authenticator.authenticate(request.presentedKey).get()
            guard principal.allows(scope) else { throw Failure.missing(scope) }
            return nil
        }
    }

    private func refuseOtherMethods(
        _ router: Router<APIContext>,
        _ path: RouterPath,
        allowed: [HTTPRequest.Method]
    ) {
        let all: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options]
        // GET brings HEAD with it.
        let implied: [HTTPRequest.Method] = allowed.contains(.get) ? [.head] : []
        for method in all where !(allowed + implied).contains(method) {
            router.on(path, method: method) { request, context in
                let failure = Failure(
                    .invalid,
                    code: "method_not_allowed",
                    message: "Method Not Allowed",
                    hint: "Use \(allowed.map(\.rawValue).joined(separator: " or "))."
                )
                let dialect = APIDialect(request)
                var response = dialect.response(failure, requestID: context.requestID, status: .methodNotAllowed)
                response.headers[.allow] = allowed.map(\.rawValue).joined(separator: ", ")
                return response
            }
        }
    }
}

extension Failure {
    static func missing(_ scope: Scope) -> Failure {
        Failure(
            .denied,
            code: "missing_scope",
            message: "This API key may not do this.",
            hint: "It needs the scope \(scope)."
        )
    }
}
