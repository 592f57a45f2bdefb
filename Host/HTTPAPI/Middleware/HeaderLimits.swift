import Core
import HTTPTypes
import Hummingbird

/// Refuses requests whose headers are larger than the limits; the decoder below stops at 80 KiB in any case.
struct HeaderLimits: RouterMiddleware {
    let limits: HTTPLimits

    func handle(
        _ request: Request,
        context: APIContext,
        next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var bytes = request.uri.string.utf8.count
        for field in request.headers { bytes += field.name.rawName.utf8.count + field.value.utf8.count + 4 }
        guard let failure = refusal(bytes: bytes, fields: request.headers.count) else {
            return try await next(request, context)
        }
        let status = HTTPResponse.Status.requestHeaderFieldsTooLarge
        return APIDialect(request).response(failure, requestID: context.requestID, status: status)
    }

    /// Why headers of that size are refused; nil when they are not.
    func refusal(bytes: Int, fields: Int) -> Failure? {
        guard bytes > limits.maxHeaderBytes || fields > limits.maxHeaderCount else { return nil }
        return Failure(
            .invalid,
            code: "headers_too_large",
            message: "The headers exceed \(limits.maxHeaderBytes) bytes or \(limits.maxHeaderCount) fields.",
            hint: "Send fewer, or raise http.max_header_bytes in config/praximous.yaml."
        )
    }
}
