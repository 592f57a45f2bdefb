import Core
import HTTPTypes
import Hummingbird
import PraximousJSON

/// One route: what serves it and what /openapi.json says of it, in one place so that they cannot differ.
struct APIRoute: Sendable {
    /// Who may use a route.
    enum Protection: Sendable, Equatable {
        /// Anyone: it tells nothing about the installation.
        case open
        /// Anyone who shows a valid key, unless the operator made the documentation public.
        case documentation
        /// A key that holds this scope.
        case scope(Scope)
        /// The route asks by itself, since a refusal there must be audited as part of the request.
        case pipeline
    }

    struct Answer: Sendable {
        let status: Int
        let description: String
        let schema: JSON
        var mediaType = "application/json"
    }

    typealias Handler = @Sendable (Request, APIContext) async throws -> Response
    typealias PipelineHandler = @Sendable (IncomingRequest) async throws -> HTTPAPI.Answer

    let method: HTTPRequest.Method
    /// With `{name}` for what varies.
    let path: String
    let id: String
    let summary: String
    let protection: Protection
    var requestSchema: JSON?
    let answers: [Answer]
    /// What serves the route behind the router; nil for one that is served on its connection.
    var handler: Handler?
    /// What serves it there (``RequestGate``).
    var pipeline: PipelineHandler?
    /// Whether the last of `path` stands for all that follows, slashes too.
    var takesRest = false

    /// The path as the router has it.
    var routerPath: RouterPath {
        guard takesRest, let start = path.lastIndex(of: "/") else { return RouterPath(path) }
        return RouterPath(path[..<start] + "/**")
    }

    /// The names between braces.
    var pathParameters: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }
}
