import Core
import Gateway
import PraximousJSON

extension ProcessEvent {
    /// What a model's answer brings.
    ///
    /// Of a chunk come a `delta` with `text`, one with `tool` for calls of tools, and one with `data` for what else the
    /// first choice or another one holds, the word for it in `kind`.
    static func events(of event: ChatEvent) -> [ProcessEvent] {
        switch event {
        case .reset: return [.reset]
        case .routed(let provider, let model, let attempt, let reason):
            var members: JSONObject = [
                "provider": .string(provider), "model": .string(model), "attempt": .integer(attempt),
            ]
            members["reason"] = reason.map(JSON.string)
            return [ProcessEvent(.route, members)]
        case .chunk(let bytes):
            let choices = (try? JSON.parse(bytes))?["choices"]?.arrayValue ?? []
            return choices.flatMap { choice -> [ProcessEvent] in
                guard choice["index"]?.intValue ?? 0 == 0 else {
                    return [ProcessEvent(.delta, ["data": choice, "kind": "choice"])]
                }
                return deltas(choice["delta"]?.objectValue ?? [:])
            }
        }
    }

    private static func deltas(_ delta: JSONObject) -> [ProcessEvent] {
        delta.keys.compactMap { name in
            guard let value = delta[name], value != .null, value != "" else { return nil }
            switch name {
            case "role": return nil
            case "content": return ProcessEvent(.delta, ["text": value])
            case "tool_calls": return ProcessEvent(.delta, ["tool": value])
            default: return ProcessEvent(.delta, ["data": value, "kind": .string(name)])
            }
        }
    }

    /// What it took; nil when nobody knows.
    static func usage(_ answer: ChatAnswer) -> ProcessEvent? {
        guard let usage = answer.usage else { return nil }
        var members = usage.members
        // In US dollars.
        members["cost"] = answer.costMicros.map { .double(Double($0) / 1_000_000) }
        return ProcessEvent(.usage, members)
    }

    /// The end of a model's answer.
    ///
    /// `digest` is the SHA-256 of its text, in hexadecimal digits.
    static func done(_ answer: ChatAnswer, requestID: String, digest: String? = nil) -> ProcessEvent {
        var members: JSONObject = [
            "finish_reason": answer.finishReason.map(JSON.string) ?? .null, "request_id": .string(requestID),
            "audit_id": .string(requestID), "provider": .string(answer.provider), "model": .string(answer.model),
            "attempts": .integer(answer.attempts),
        ]
        members["sha256"] = digest.map(JSON.string)
        return ProcessEvent(.done, members)
    }

    /// The text in it, if it is a piece of the answer's text.
    var text: String? { kind == .delta ? (try? JSON.parse(members))?["text"]?.stringValue : nil }
}
