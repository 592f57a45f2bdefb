import Core
import HTTPTypes
import Hummingbird
import NIOHTTP1
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
        let status = status ?? self.status(of: failure)
        var response = Response(json: body(of: failure, status: status.code, requestID: requestID), status: status)
        for (name, value) in headers(of: failure, status: status.code, requestID: requestID) {
            response.headers[HTTPField.Name(known: name)] = value
        }
        return response
    }

    /// The same for a request of a pipeline.
    func answer(_ failure: Failure, requestID: String, status: HTTPResponse.Status? = nil) -> Answer {
        let status = status ?? self.status(of: failure)
        return Answer(
            json: body(of: failure, status: status.code, requestID: requestID).encoded(),
            status: HTTPResponseStatus(statusCode: status.code, reasonPhrase: status.reasonPhrase),
            headers: headers(of: failure, status: status.code, requestID: requestID)
        )
    }

    func status(of failure: Failure) -> HTTPResponse.Status {
        self == .praximous ? failure.httpStatus : failure.dialectStatus
    }

    private func headers(of failure: Failure, status: Int, requestID: String) -> HTTPHeaders {
        var headers = failure.headers
        if self == .praximous { return headers }
        // What passes by itself is worth another try, which an SDK makes when it is told so.
        if [429, 503].contains(status), !headers.contains(name: "Retry-After") {
            headers.add(name: "Retry-After", value: "1")
        }
        if self == .anthropic { headers.add(name: "request-id", value: requestID) }
        return headers
    }

    func body(of failure: Failure, status: Int, requestID: String) -> JSON {
        switch self {
        case .praximous: failure.json(requestID: requestID)
        case .openAI: OpenAIErrorBody(failure, status: status).json
        case .anthropic: AnthropicErrorBody(failure, status: status, requestID: requestID).json
        }
    }
}

extension HTTPField.Name {
    static let anthropicVersion = HTTPField.Name(known: "anthropic-version")
}
