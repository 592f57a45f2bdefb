import Core
import HTTPTypes
import Hummingbird
import PraximousJSON

/// How the host is, each time somebody asks; anybody may, so the reasons name no plugin.
package struct HostHealth: Sendable {
    /// Why the host cannot serve right now; nil when it can.
    let notReadyReason: @Sendable () -> String?
    /// What it does without although it serves; nil for nothing.
    let degradedReason: @Sendable () -> String?

    package init(
        notReadyReason: @escaping @Sendable () -> String?,
        degradedReason: @escaping @Sendable () -> String?
    ) {
        self.notReadyReason = notReadyReason
        self.degradedReason = degradedReason
    }
}

/// `GET /healthz`: the process answers.
///
/// `GET /readyz`: it can serve.
struct HealthRoutes: Sendable {
    let health: HostHealth

    var routes: [APIRoute] {
        let schema: JSON = [
            "type": "object", "required": ["status"],
            "properties": ["status": ["type": "string"], "reason": ["type": "string"]],
        ]
        return [
            APIRoute(
                method: .get,
                path: "/healthz",
                id: "health",
                summary: "Whether the process is alive.",
                protection: .open,
                answers: [.init(status: 200, description: "It is: `ok`, or `degraded` and why.", schema: schema)],
                handler: { _, _ in
                    guard let reason = health.degradedReason() else { return Response(json: ["status": "ok"]) }
                    return Response(json: ["status": "degraded", "reason": .string(reason)])
                }
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
                    if let reason = health.notReadyReason() {
                        throw Failure(.unavailable, code: "not_ready", message: reason)
                    }
                    return Response(json: ["status": "ready"])
                }
            ),
        ]
    }
}
