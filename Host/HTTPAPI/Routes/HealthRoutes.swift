import Core
import HTTPTypes
import Hummingbird
import PraximousJSON

/// `GET /healthz`: the process answers.
///
/// `GET /readyz`: it can serve.
struct HealthRoutes: Sendable {
    /// Why the host cannot serve right now; nil when it can.
    let notReadyReason: @Sendable () -> String?

    var routes: [APIRoute] {
        let schema: JSON = ["type": "object", "required": ["status"], "properties": ["status": ["type": "string"]]]
        return [
            APIRoute(
                method: .get,
                path: "/healthz",
                id: "health",
                summary: "Whether the process is alive.",
                protection: .open,
                answers: [.init(status: 200, description: "It is.", schema: schema)],
                handler: { _, _ in Response(json: ["status": "ok"]) }
            ),
            APIRoute(
                method: .get,
                path: "/readyz",
                id: "readiness",
                summary: "Whether the host can serve requests.",
                protection: .open,
                answers: [
                    .init(status: 200, description: "It can.", schema: schema),
                    .error(503, "It cannot; the detail says why."),
                ],
                handler: { _, _ in
                    if let reason = notReadyReason() {
                        throw Failure(.unavailable, code: "not_ready", message: reason)
                    }
                    return Response(json: ["status": "ready"])
                }
            ),
        ]
    }
}
