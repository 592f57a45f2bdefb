/// A route whose requests are served on their connection.
struct PipelineRoute: Sendable {
    let path: String
    let serve: APIRoute.PipelineHandler

    var dialect: APIDialect { APIDialect(path: path) }

    /// Nil for a route behind the router.
    init?(_ route: APIRoute) {
        guard let serve = route.pipeline else { return nil }
        path = route.path
        self.serve = serve
    }
}
