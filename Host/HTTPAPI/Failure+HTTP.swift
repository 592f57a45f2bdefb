import Core
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import PraximousJSON

extension Failure {
    /// The one table from a failure's kind to its HTTP status.
    var httpStatus: HTTPResponse.Status {
        switch kind {
        case .invalid, .unsupported: .badRequest
        case .unprocessable: .unprocessableContent
        case .unauthenticated: .unauthorized
        case .denied: .forbidden
        case .notFound: .notFound
        case .cancelled: .init(code: 499, reasonPhrase: "Client Closed Request")
        case .deadline: .gatewayTimeout
        case .busy, .unavailable: .serviceUnavailable
        case .tooLarge: .contentTooLarge
        case .upstream: .badGateway
        case .rateLimit: .tooManyRequests
        case .conflict: .conflict
        case .internal: .internalServerError
        }
    }

    /// The one shape of errors outside the vendors' dialects.
    func json(requestID: String) -> JSON {
        var error: JSONObject = ["code": .string(code), "message": .string(message)]
        error["hint"] = hint.map(JSON.string) ?? .null
        for key in ["fields", "permissions"] { if let more = details?[key] { error[key] = more } }
        return ["detail": .string(message), "error": .object(error), "request_id": .string(requestID)]
    }

    func response(requestID: String, status: HTTPResponse.Status? = nil) -> Response {
        var response = Response(json: json(requestID: requestID).encoded(), status: status ?? httpStatus)
        for (name, value) in headers { response.headers[HTTPField.Name(known: name)] = value }
        return response
    }

    /// What the headers of the answer say of it, in every dialect.
    var headers: HTTPHeaders {
        var headers = HTTPHeaders()
        // When it was the gateway's own key that a provider refused, another one would not help the caller.
        if kind == .unauthenticated, UpstreamError(self).status == nil {
            headers.add(name: "WWW-Authenticate", value: "Bearer realm=\"praximous\"")
        }
        if let milliseconds = retryAfterMilliseconds {
            let seconds = max(1, (max(0, milliseconds) / 1000) + (milliseconds % 1000 > 0 ? 1 : 0))
            headers.add(name: "Retry-After", value: String(seconds))
            // Which OpenAI's SDK reads first.
            headers.add(name: "retry-after-ms", value: String(max(0, milliseconds)))
        }
        if let rateLimit { headers.add(rateLimit) }
        return headers
    }
}

extension Response {
    /// A JSON answer from encoded bytes.
    init(json: [UInt8], status: HTTPResponse.Status = .ok) {
        self.init(
            status: status,
            headers: [.contentType: "application/json; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: json))
        )
    }

    init(json: JSON, status: HTTPResponse.Status = .ok) { self.init(json: json.encoded(), status: status) }
}
