import Core
import HTTPTypes
import Hummingbird
import PraximousJSON

/// In whose form a request is answered, which its path decides: an SDK understands no errors but its own vendor's.
enum APIDialect: Sendable {
    case praximous, openAI, anthropic

    init(path: String) {
        guard path == "/v1" || path.hasPrefix("/v1/") else {
            self = .praximous
            return
        }
        self = path == "/v1/messages" || path.hasPrefix("/v1/messages/") ? .anthropic : .openAI
    }

    init(_ request: Request) {
        self.init(path: request.uri.path)
        // Both vendors have their lists of models at the same place; Anthropic's SDK always names its version.
        if self == .openAI, request.headers[.anthropicVersion] != nil, request.uri.path.hasPrefix("/v1/models") {
            self = .anthropic
        }
    }

    /// The answer to a request that failed.
    func response(_ failure: Failure, requestID: String, status: HTTPResponse.Status? = nil) -> Response {
        guard self != .praximous else { return failure.response(requestID: requestID, status: status) }
        let status = status ?? failure.dialectStatus
        var response = Response(json: body(of: failure, status: status.code, requestID: requestID), status: status)
        response.headers.append(contentsOf: failure.headers)
        // What passes by itself is worth another try, which an SDK makes when it is told so.
        if [429, 503].contains(status.code), response.headers[.retryAfter] == nil {
            response.headers[.retryAfter] = "1"
        }
        if self == .anthropic { response.headers[.anthropicRequestID] = requestID }
        return response
    }

    /// Status and body of that answer.
    func answer(_ failure: Failure, requestID: String) -> (HTTPResponse.Status, JSON) {
        guard self != .praximous else { return (failure.httpStatus, failure.json(requestID: requestID)) }
        let status = failure.dialectStatus
        return (status, body(of: failure, status: status.code, requestID: requestID))
    }

    private func body(of failure: Failure, status: Int, requestID: String) -> JSON {
        self == .anthropic
            ? AnthropicErrorBody(failure, status: status, requestID: requestID).json
            : OpenAIErrorBody(failure, status: status).json
    }
}

extension HTTPField.Name {
    static let anthropicVersion = HTTPField.Name(known: "anthropic-version")
    /// Where Anthropic's SDK looks for the id.
    static let anthropicRequestID = HTTPField.Name(known: "request-id")
}
