import Core
import PraximousJSON

/// An error as OpenAI's API gives it: `{"error": {"message", "type", "param", "code"}}`.
struct OpenAIErrorBody {
    let message: String
    let type: String
    let param: String?
    let code: String

    /// `status` is the HTTP status of the answer; of an error within a stream, the one it would have had.
    init(_ failure: Failure, status: Int) {
        let upstream = UpstreamError(failure)
        message = upstream.message ?? failure.description
        type = upstream.type ?? Self.type(status: status, code: failure.code)
        param = upstream.param ?? failure.details?["param"]?.stringValue
        code = upstream.code ?? failure.code
    }

    var json: JSON {
        [
            "error": [
                "message": .string(message), "type": .string(type), "param": param.map(JSON.string) ?? .null,
                "code": .string(code),
            ]
        ]
    }

    private static func type(status: Int, code: String) -> String {
        if code == "insufficient_quota" || code == "budget_exceeded" { return "insufficient_quota" }
        return switch status {
        case 401: "authentication_error"
        case 403: "permission_error"
        case 404: "not_found_error"
        case 409: "conflict_error"
        case 408, 504: "timeout_error"
        case 429: "rate_limit_error"
        case 500...: "server_error"
        default: "invalid_request_error"
        }
    }
}
