import Core
import PraximousJSON

/// One event of a streamed answer, the same over `/ws/v1/process` and over server-sent events; PROTOCOL.md describes
/// them.
struct ProcessEvent: Sendable, Equatable {
    enum Kind: String, Sendable {
        case accepted, route, delta, reset, usage, done, error, cancelled
    }

    let kind: Kind
    /// One JSON object with what the event says; `type`, `id` and `seq` are not among its members.
    let members: [UInt8]
    /// What an `error` tells of; nil for all others, and for one that is sent again.
    let failure: Failure?

    init(_ kind: Kind, _ members: JSONObject = [:], failure: Failure? = nil) {
        self.kind = kind
        self.members = JSON.object(members).encoded()
        self.failure = failure
    }

    /// With members that are JSON text already.
    init(_ kind: Kind, encoded members: [UInt8]) {
        self.kind = kind
        self.members = members
        failure = nil
    }

    /// Whether nothing follows it.
    var isTerminal: Bool {
        switch kind {
        case .done, .error, .cancelled: true
        case .accepted, .route, .delta, .reset, .usage: false
        }
    }

    static func accepted(requestID: String) -> ProcessEvent { .init(.accepted, ["request_id": .string(requestID)]) }

    /// The answer starts anew: whatever was shown since is void.
    static let reset = ProcessEvent(.reset)

    /// A failure; `requestID` is nil for what was never a request.
    static func error(_ failure: Failure, requestID: String?) -> ProcessEvent {
        var members: JSONObject = [
            "code": .string(failure.code), "message": .string(failure.message),
            "retryable": .bool([.busy, .unavailable, .upstream, .rateLimit].contains(failure.kind)),
        ]
        if let hint = failure.hint { members["hint"] = .string(hint) }
        if let milliseconds = failure.retryAfterMilliseconds { members["retry_after_ms"] = .integer(milliseconds) }
        if let requestID { members["request_id"] = .string(requestID) }
        return .init(.error, members, failure: failure)
    }

    /// The client asked for the end.
    static func cancelled(usage: JSON = .null) -> ProcessEvent { .init(.cancelled, ["usage": usage]) }
}
