import Access
import Core
import HTTPTypes
import Hummingbird
import PraximousJSON

/// `POST /api/v1/ws-tickets`, and what `GET /ws/v1/process` says to a client that asks for no upgrade.
struct WebSocketRoutes: Sendable {
    let host: WebSocketHost

    var routes: [APIRoute] {
        [
            APIRoute(
                method: .post,
                path: "/api/v1/ws-tickets",
                id: "createWebSocketTicket",
                summary: "A ticket that opens one WebSocket within 30 seconds, for browsers: "
                    + "/ws/v1/process?ticket=…, or as token in hello.",
                protection: .pipeline,
                answers: [
                    .init(
                        status: 201,
                        description: "The ticket.",
                        schema: [
                            "type": "object", "required": ["ticket", "expires_in_s"],
                            "properties": ["ticket": ["type": "string"], "expires_in_s": ["type": "integer"]],
                        ]
                    ),
                    .error(503, "Too many tickets wait to be used."),
                ],
                handler: { request, _ in try issue(request) }
            ),
            APIRoute(
                method: .get,
                path: UpgradeDecision.path,
                id: "processWebSocket",
                summary: "The WebSocket (RFC 6455) for streams: sub-protocol praximous.v1, JSON text messages. "
                    + "A key goes into a header of the upgrade or into hello.",
                protection: .open,
                answers: [
                    .init(status: 101, description: "The protocol is switched.", schema: [:]),
                    .error(403, "The page's origin is not allowed, or the key is not valid."),
                    .error(426, "The request asks for no upgrade."),
                ],
                handler: { _, context in Self.upgradeRequired(context) }
            ),
        ]
    }

    private func issue(_ request: Request) throws -> Response {
        let principal = try host.authenticator.authenticate(request.presentedKey).get()
        guard let ticket = host.tickets.issue(principal, now: LiveSession.now()) else {
            throw Failure(
                .busy,
                code: "too_many_tickets",
                message: "\(TicketBox.maxTickets) tickets wait to be used.",
                hint: "Use them, or wait 30 seconds.",
                retryAfterMilliseconds: Int(TicketBox.lifeMilliseconds)
            )
        }
        var response = Response(
            json: ["ticket": .string(ticket), "expires_in_s": .integer(Int(TicketBox.lifeMilliseconds / 1000))],
            status: .created
        )
        response.headers[.cacheControl] = "no-store"
        return response
    }

    private static func upgradeRequired(_ context: APIContext) -> Response {
        let failure = Failure(
            .invalid,
            code: "upgrade_required",
            message: "This is a WebSocket.",
            hint: "Connect with Upgrade: websocket and the sub-protocol \(UpgradeDecision.subprotocol)."
        )
        var response = failure.response(requestID: context.requestID, status: .upgradeRequired)
        response.headers[.upgrade] = "websocket"
        return response
    }
}
