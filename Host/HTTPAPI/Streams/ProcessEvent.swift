import Core
import Gateway
import PluginRuntime
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

    init(_ kind: Kind, _ members: JSONObject = [:]) {
        self.kind = kind
        self.members = JSON.object(members).encoded()
    }

    private init(_ kind: Kind, encoded members: [UInt8]) {
        self.kind = kind
        self.members = members
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
        return .init(.error, members)
    }

    /// The client asked for the end.
    static func cancelled(usage: JSON = .null) -> ProcessEvent { .init(.cancelled, ["usage": usage]) }

    /// The end of a skill's call; its result goes through untouched.
    static func done(_ answer: SkillAnswer, requestID: String) -> ProcessEvent {
        var bytes = Array(#"{"finish_reason":"stop","request_id":""#.utf8)
        bytes += requestID.utf8
        // The audit finds an event by the request's id.
        bytes += #"","audit_id":""#.utf8
        bytes += requestID.utf8
        bytes += #"","provider":"#.utf8
        JSON.write(answer.provider, to: &bytes)
        bytes += #","result":"#.utf8
        bytes += answer.result
        bytes.append(UInt8(ascii: "}"))
        return .init(.done, encoded: bytes)
    }

    /// What a skill emits.
    ///
    /// `delta` goes out as it is when its members are the protocol's own, `tool_call` as `tool`; anything else is
    /// `data`, with the word that the skill gave it as `kind`.
    init(_ event: CallEvent) {
        let value = (try? JSON.parse(event.json)) ?? .null
        switch event.kind {
        case "usage":
            var members = value.objectValue ?? ["data": value]
            for name in Self.reserved { members[name] = nil }
            self.init(.usage, members)
        case "delta":
            if case .object(let members) = value, !members.isEmpty, members.keys.allSatisfy(Self.deltaMembers.contains)
            {
                self.init(.delta, members)
            } else {
                self.init(.delta, ["data": value])
            }
        case "tool_call": self.init(.delta, ["tool": value])
        case "data": self.init(.delta, ["data": value])
        default: self.init(.delta, ["data": value, "kind": .string(event.kind)])
        }
    }

    private static let reserved = ["type", "id", "seq"]
    private static let deltaMembers: Set<String> = ["text", "tool", "data"]
}
