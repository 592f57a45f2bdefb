import Core
import PraximousJSON

/// The messages a host writes on `/ws/v1/process`, as JSON text.
enum ServerMessage {
    /// An event of a stream.
    static func event(_ type: String, id: String, sequence: Int, _ members: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(members.count + id.utf8.count + 48)
        bytes += #"{"type":""#.utf8
        bytes += type.utf8
        bytes += #"","id":"#.utf8
        JSON.write(id, to: &bytes)
        bytes += #","seq":"#.utf8
        bytes += String(sequence).utf8
        if members.count > 2 { bytes.append(UInt8(ascii: ",")) }
        bytes += members.dropFirst()
        return bytes
    }

    static func welcome(session: String, _ limits: SessionLimits, isResumable: Bool, isResumed: Bool) -> [UInt8] {
        let milliseconds = { (value: UInt64) in JSON.integer(Int(value / 1000)) }
        return JSON.object([
            "type": "welcome", "session": .string(session),
            "limits": [
                "max_inflight": .integer(limits.maxStreams), "max_frame": .integer(limits.maxMessageBytes),
                "window": .integer(limits.window),
                "idle_s": milliseconds(limits.pingMilliseconds * UInt64(limits.maxMissedPings + 1)),
                "max_age_s": milliseconds(limits.maxAgeMilliseconds),
            ],
            "resume_ttl_s": isResumable ? milliseconds(limits.resumeMilliseconds) : 0, "resumed": .bool(isResumed),
        ]).encoded()
    }

    /// An error that is no event of a stream: it has no `seq`.
    static func error(_ code: String, _ message: String, id: String? = nil) -> [UInt8] {
        var members: JSONObject = ["type": "error"]
        if let id { members["id"] = .string(id) }
        members["code"] = .string(code)
        members["message"] = .string(message)
        members["retryable"] = false
        return JSON.object(members).encoded()
    }

    /// Nothing is to be started before that; `id` is that of the stream that met the limit.
    static func throttle(id: String, milliseconds: Int) -> [UInt8] {
        JSON.object(["type": "throttle", "id": .string(id), "retry_after_ms": .integer(milliseconds)]).encoded()
    }

    static func pong(_ value: JSON) -> [UInt8] { JSON.object(["type": "pong", "t": value]).encoded() }

    static func goaway(deadline: UInt64, reason: String) -> [UInt8] {
        JSON.object(["type": "goaway", "deadline_ms": .integer(Int(clamping: deadline)), "reason": .string(reason)])
            .encoded()
    }
}
