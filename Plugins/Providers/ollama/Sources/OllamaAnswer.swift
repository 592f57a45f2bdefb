import PraximousJSON
import PraximousPlugin
import ProviderKit

/// What Ollama's objects say, in OpenAI's words.
enum OllamaAnswer {
    /// A whole answer.
    static func completion(
        _ body: [UInt8],
        _ chunks: ChatChunks,
        _ head: UpstreamHead,
        promptBytes: Int
    ) throws(SkillFailure) -> [UInt8] {
        guard let json = try? JSON.parse(body), let message = json["message"]?.objectValue else {
            if let error = (try? JSON.parse(body)).flatMap({ VendorError($0) }) {
                throw .event(error, head, secret: "")
            }
            throw .badAnswer("sent \(head.contentType.quoted) that is no answer", head)
        }
        guard json["done"] == true else { throw .cut(head) }
        let text = message["content"]?.stringValue ?? ""
        let calls = toolCalls(message["tool_calls"], from: 0)
        var result: JSONObject = [
            "role": "assistant", "content": text.isEmpty && !calls.isEmpty ? .null : .string(text),
        ]
        if let thinking = message["thinking"]?.stringValue, !thinking.isEmpty {
            result["reasoning_content"] = .string(thinking)
        }
        if !calls.isEmpty { result["tool_calls"] = .array(calls.map(withoutIndex)) }
        return chunks.completion(
            message: .object(result),
            finishReason: finishReason(json, hasCalls: !calls.isEmpty),
            usage: usage(json) ?? .estimated(promptBytes: promptBytes, completionBytes: text.utf8.count),
            requestID: head.requestID
        )
    }

    static func finishReason(_ json: JSON, hasCalls: Bool) -> String {
        if hasCalls { return "tool_calls" }
        return json["done_reason"] == "length" ? "length" : "stop"
    }

    /// nil when it counts nothing, or what no request can have.
    static func usage(_ json: JSON) -> TokenUsage? {
        guard json["eval_count"]?.intValue != nil,
            let counts = TokenUsage.counts(["prompt_eval_count", "eval_count"], of: json)
        else { return nil }
        return TokenUsage(prompt: counts[0], completion: counts[1])
    }

    /// Calls as a delta has them, counted on from those that came before.
    static func toolCalls(_ json: JSON?, from start: Int) -> [JSON] {
        (json?.arrayValue ?? []).enumerated().map { offset, call in
            let arguments = call["function"]?["arguments"] ?? [:]
            return [
                "index": .integer(start + offset),
                "id": .string(call["id"]?.stringValue ?? ChatChunks.newID("call_")), "type": "function",
                "function": ["name": call["function"]?["name"] ?? "", "arguments": .string(arguments.text)],
            ]
        }
    }

    private static func withoutIndex(_ call: JSON) -> JSON {
        var members = call.objectValue ?? JSONObject()
        members["index"] = nil
        return .object(members)
    }
}
