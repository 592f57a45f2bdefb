import Core
import Gateway
import PluginRuntime
import PraximousJSON

extension ProcessEvent {
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
