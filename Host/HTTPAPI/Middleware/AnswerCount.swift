import Hummingbird

/// Tells of each answer which route it came from, and its status.
struct AnswerCount: RouterMiddleware {
    /// The route as it is written down, such as `/api/v1/skills/{name}/capabilities`; `other` where there is none.
    let count: @Sendable (_ route: String, _ status: Int) -> Void

    func handle(
        _ request: Request,
        context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let response = try await next(request, context)
        // Hummingbird has a word of its own for what is no route.
        let route = context.endpointPath.flatMap { $0.hasPrefix("/") ? $0 : nil }
        count(route ?? "other", response.status.code)
        return response
    }
}
