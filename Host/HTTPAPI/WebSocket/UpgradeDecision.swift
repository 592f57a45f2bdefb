import Core
import HTTPTypes
import Hummingbird
import NIOHTTP1

/// What becomes of a request for `/ws/v1/process`.
enum UpgradeDecision: Sendable {
    /// None of ours: the router answers.
    case pass
    case refuse(HTTPResponseStatus, Failure)
    /// `principal` is nil when the client has yet to say who it is; `hasSubprotocol` when it offered ours.
    case accept(principal: Principal?, hasSubprotocol: Bool)

    static let path = "/ws/v1/process"
    static let subprotocol = "praximous.v1"

    init(_ head: HTTPRequestHead, _ host: WebSocketHost, clientAddress: String?, requestID: String) {
        let (path, query) = Self.split(head.uri)
        let headers = head.headers
        guard path == Self.path, head.method == .GET,
            headers[canonicalForm: "upgrade"].contains(where: { $0.lowercased() == "websocket" })
        else {
            self = .pass
            return
        }
        if let (status, failure) = Self.refusal(head, host) {
            self = .refuse(status, failure)
            return
        }
        var principal: Principal?
        let token =
            PresentedKey.key(
                apiKey: headers.first(name: "x-api-key"),
                authorization: headers.first(name: "authorization")
            ) ?? Self.ticket(in: query)
        if let token {
            switch host.principal(ofToken: token, clientAddress: clientAddress, requestID: requestID) {
            case .success(let known): principal = known
            case .failure(let failure):
                self = .refuse(.init(statusCode: failure.httpStatus.code), failure)
                return
            }
        }
        let offered = headers[canonicalForm: "sec-websocket-protocol"]
        self = .accept(
            principal: principal,
            hasSubprotocol: offered.contains { $0 == Self.subprotocol }
        )
    }

    private static func refusal(
        _ head: HTTPRequestHead,
        _ host: WebSocketHost
    ) -> (HTTPResponseStatus, Failure)? {
        let headers = head.headers
        let bytes = headers.reduce(head.uri.utf8.count) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
        guard bytes <= host.maxHeaderBytes, headers.count <= host.maxHeaderCount else {
            return (.requestHeaderFieldsTooLarge, .upgradeRefused("headers_too_large", "The headers are too large."))
        }
        let origins = headers["origin"]
        let hosts = headers["host"]
        guard origins.count <= 1, hosts.count <= 1, host.origins.allows(origin: origins.first, host: hosts.first) else {
            return (.forbidden, .foreignOrigin)
        }
        guard headers["sec-websocket-version"] == ["13"] else {
            return (.upgradeRequired, .upgradeRefused("unsupported_version", "Sec-WebSocket-Version must be 13."))
        }
        let keys = headers["sec-websocket-key"]
        guard keys.count == 1, keys[0].utf8.count == 24, keys[0].hasSuffix("==") else {
            return (.badRequest, .upgradeRefused("bad_upgrade", "Sec-WebSocket-Key must be 16 bytes in base64."))
        }
        return nil
    }

    private static func split(_ uri: String) -> (path: Substring, query: Substring) {
        guard let mark = uri.firstIndex(of: "?") else { return (uri[...], "") }
        return (uri[..<mark], uri[uri.index(after: mark)...])
    }

    /// A ticket may stand in the address, since it is of no use to whoever reads it in a log; a key may not.
    private static func ticket(in query: Substring) -> Secret? {
        for pair in query.split(separator: "&") where pair.hasPrefix("ticket=") {
            let text = String(pair.dropFirst("ticket=".count))
            return Secret(TicketBox.isTicket(text) ? text : "")
        }
        return nil
    }
}

extension Failure {
    fileprivate static let foreignOrigin = Failure(
        .denied,
        code: "origin_refused",
        message: "This page may not open a WebSocket here.",
        hint: "List its origin under http.allowed_origins in config/praximous.yaml."
    )

    fileprivate static func upgradeRefused(_ code: String, _ message: String) -> Failure {
        Failure(.invalid, code: code, message: message, hint: "See GET /docs, and RFC 6455, 4.1.")
    }
}
