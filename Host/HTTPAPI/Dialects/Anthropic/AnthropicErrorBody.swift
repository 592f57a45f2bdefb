import Core
import PraximousJSON

/// An error as Anthropic's API gives it: `{"type": "error", "error": {"type", "message"}, "request_id"}`.
struct AnthropicErrorBody {
    let type: String
    let message: String
    let requestID: String

    /// `status` is the HTTP status of the answer; of an error within a stream, the one it would have had.
    init(_ failure: Failure, status: Int, requestID: String) {
        let upstream = UpstreamError(failure)
        type = upstream.type.flatMap { Self.types.contains($0) ? $0 : nil } ?? Self.type(status: status)
        message = upstream.message ?? failure.description
        self.requestID = requestID
    }

    var json: JSON {
        [
            "type": "error", "error": ["type": .string(type), "message": .string(message)],
            "request_id": .string(requestID),
        ]
    }

    private static let types: Set<String> = [
        "invalid_request_error", "authentication_error", "billing_error", "permission_error", "not_found_error",
        "request_too_large", "rate_limit_error", "timeout_error", "api_error", "overloaded_error",
    ]

    private static func type(status: Int) -> String {
        switch status {
        case 401: "authentication_error"
        case 402: "billing_error"
        case 403: "permission_error"
        case 404: "not_found_error"
        case 408, 504: "timeout_error"
        case 413: "request_too_large"
        case 429: "rate_limit_error"
        case 503, 529: "overloaded_error"
        case 500...: "api_error"
        default: "invalid_request_error"
        }
    }
}
