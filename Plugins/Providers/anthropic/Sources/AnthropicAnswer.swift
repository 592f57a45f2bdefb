import PraximousJSON
import PraximousPlugin
import ProviderKit

/// What a message of Anthropic's says, in OpenAI's words.
enum AnthropicAnswer {
    /// A whole answer.
    static func completion(
        _ body: [UInt8],
        _ head: UpstreamHead,
        promptBytes: Int,
        jsonTool: String?
    ) throws(SkillFailure) -> [UInt8] {
        guard let json = try? JSON.parse(body), let blocks = json["content"]?.arrayValue else {
            if let error = (try? JSON.parse(body)).flatMap({ VendorError($0) }) {
                throw .event(error, head, secret: "")
            }
            throw .badAnswer("sent \(head.contentType.quoted) that is no message", head)
        }
        guard let reason = json["stop_reason"]?.stringValue else { throw .badAnswer("sent no stop reason", head) }
        let chunks = ChatChunks(id: json["id"]?.stringValue, model: json["model"]?.stringValue ?? "")
        var message = message(blocks, jsonTool: jsonTool)
        var extras = message["praximous"]?["anthropic"]?.objectValue ?? JSONObject()
        for member in ending(json, json["usage"]?.objectValue ?? JSONObject()) { extras[member.key] = member.value }
        if !extras.isEmpty { message["praximous"] = ["anthropic": .object(extras)] }
        return chunks.completion(
            message: .object(message),
            finishReason: finishReason(reason, hasCalls: message["tool_calls"] != nil),
            usage: usage(json["usage"]) ?? .estimated(promptBytes: promptBytes, completionBytes: body.count),
            requestID: head.requestID
        )
    }

    private static func message(_ blocks: [JSON], jsonTool: String?) -> JSONObject {
        var text = ""
        var thinking = ""
        var calls: [JSON] = []
        var isPlain = true
        for block in blocks {
            switch block["type"]?.stringValue {
            case "text":
                text += block["text"]?.stringValue ?? ""
                if block["citations"]?.arrayValue?.isEmpty == false { isPlain = false }
            case "tool_use":
                let input = (block["input"] ?? [:]).text
                if let jsonTool, block["name"]?.stringValue == jsonTool {
                    text += input
                } else {
                    calls.append(call(block, arguments: input))
                }
            case "thinking":
                thinking += block["thinking"]?.stringValue ?? ""
                isPlain = false
            default: isPlain = false
            }
        }
        var message: JSONObject = [
            "role": "assistant", "content": text.isEmpty && !calls.isEmpty ? .null : .string(text),
        ]
        if !thinking.isEmpty { message["reasoning_content"] = .string(thinking) }
        if !calls.isEmpty { message["tool_calls"] = .array(calls) }
        if !isPlain { message["praximous"] = ["anthropic": ["content": .array(blocks)]] }
        return message
    }

    static func call(_ block: JSON, arguments: String) -> JSON {
        [
            "id": block["id"] ?? "", "type": "function",
            "function": ["name": block["name"] ?? "", "arguments": .string(arguments)],
        ]
    }

    /// What OpenAI's words for the end and the counts leave out; nothing when they leave out nothing.
    static func ending(_ json: JSON?, _ usage: JSONObject) -> JSONObject {
        var extras = JSONObject()
        let plain = ["end_turn", "max_tokens", "tool_use", "refusal"]
        if let reason = json?["stop_reason"]?.stringValue, !plain.contains(reason) {
            extras["stop_reason"] = .string(reason)
            extras["stop_sequence"] = json?["stop_sequence"] ?? .null
        }
        if Self.usage(.object(usage)) != nil, usage["cache_creation_input_tokens"]?.intValue ?? 0 > 0 {
            extras["usage"] = .object(usage)
        }
        return extras
    }

    static func finishReason(_ stopReason: String, hasCalls: Bool) -> String {
        switch stopReason {
        case "max_tokens", "model_context_window_exceeded": "length"
        case "tool_use": hasCalls ? "tool_calls" : "stop"
        case "refusal": "content_filter"
        default: "stop"
        }
    }

    /// What the vendor counts, in its words.
    static let counts = [
        "input_tokens", "output_tokens", "cache_creation_input_tokens", "cache_read_input_tokens",
    ]

    /// nil when nothing is counted, or what no request can have.
    ///
    /// What was read from or written to the cache is part of the prompt.
    static func usage(_ json: JSON?) -> TokenUsage? {
        guard let json, json["output_tokens"]?.intValue != nil || json["input_tokens"]?.intValue != nil,
            let counts = TokenUsage.counts(counts, of: json)
        else { return nil }
        return TokenUsage(prompt: counts[0] + counts[2] + counts[3], completion: counts[1], cached: counts[3])
    }
}
