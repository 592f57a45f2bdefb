import Core
import HTTPTypes
import Hummingbird
import Logging

/// Gives every answer its request id, and every error the one shape, or that of the vendor whose dialect is spoken.
///
/// What nobody expected is logged and not shown.
struct ErrorMiddleware: RouterMiddleware {
    func handle(
        _ request: Request,
        context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        let dialect = APIDialect(request)
        var response: Response
        do {
            response = try await next(request, context)
        } catch let error as any HTTPResponseError {
            response = dialect.response(failure(for: error), requestID: context.requestID, status: error.status)
        } catch {
            let failure = Failure(serving: error, requestID: context.requestID, context.logger)
            response = dialect.response(failure, requestID: context.requestID)
        }
        response.headers[.requestID] = context.requestID
        // RFC 9110, 9.3.2: an answer to HEAD has no body, also when it is a refusal.
        if request.method == .head { response.body = ResponseBody() }
        return response
    }

    private func failure(for error: any HTTPResponseError) -> Failure {
        switch error.status {
        case .notFound:
            Failure(.notFound, code: "not_found", message: "Not Found", hint: "GET /docs lists the routes.")
        case .contentTooLarge: Failure.bodyTooLarge(limit: nil)
        default: Failure(.invalid, code: "bad_request", message: error.status.reasonPhrase)
        }
    }
}

extension HTTPField.Name {
    /// The header that carries the request id back.
    static let requestID = HTTPField.Name(known: "X-Request-ID")
    static let apiKey = HTTPField.Name(known: "X-API-Key")

    /// A name written in the source, so known to be valid.
    init(known name: String) {
        guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is not a header name") }
        self = field
    }
}

extension Failure {
    /// What a client is told of whatever its request ended with; what nobody expected is logged.
    init(serving error: any Error, requestID: String, _ logger: Logger) {
        switch error {
        case let failure as Failure: self = failure
        case is CancellationError:
            self.init(.unavailable, code: "shutting_down", message: "The host is shutting down.")
        default:
            logger.error("request failed", metadata: ["error": "\(error)", "request.id": "\(requestID)"])
            self.init(
                .internal,
                code: "internal_error",
                message: "An unexpected internal server error occurred.",
                hint: "The host's log has the reason under this request id."
            )
        }
    }

    static func bodyTooLarge(limit: Int?) -> Failure {
        Failure(
            .tooLarge,
            code: "body_too_large",
            message: limit.map { "The body is larger than \($0) bytes." } ?? "The body is too large.",
            hint: "Send less, or raise http.max_body_bytes in config/praximous.yaml."
        )
    }
}
