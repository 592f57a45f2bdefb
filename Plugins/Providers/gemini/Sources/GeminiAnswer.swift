import PraximousJSON
import PraximousPlugin
import ProviderKit

/// What Gemini's candidates say, in OpenAI's words.
enum GeminiAnswer {
    /// The new things that some parts bring.
    struct Content {
        var text = ""
        var reasoning = ""
        /// Each with `index`, counted on from those that came before.
        var calls: [JSON] = []
        /// Whether there is something that OpenAI has no word for, such as a signature.
        var hasExtras = false

        init(_ parts: [JSON], firstCall: Int) {
            for part in parts {
                if let piece = part["text"]?.stringValue {
                    if part["thought"] == true { reasoning += piece } else { text += piece }
                    hasExtras = hasExtras || part["thoughtSignature"] != nil
                } else if let call = part["functionCall"] {
                    let index = firstCall + calls.count
                    calls.append([
                        "index": .integer(index), "id": .string(call["id"]?.stringValue ?? ChatChunks.newID("call_")),
                        "type": "function",
                        "function": ["name": call["name"] ?? "", "arguments": .string((call["args"] ?? [:]).text)],
                    ])
                    hasExtras = hasExtras || part["thoughtSignature"] != nil
                } else {
                    hasExtras = true
                }
            }
        }
    }

    /// A whole answer.
    static func completion(
        _ body: [UInt8],
        _ chunks: ChatChunks,
        _ head: UpstreamHead,
        promptBytes: Int
    ) throws(SkillFailure) -> [UInt8] {
        guard let json = try? JSON.parse(body), isAnswer(json) else {
            if let error = (try? JSON.parse(body)).flatMap({ VendorError($0) }) {
                throw .event(error, head, secret: "")
            }
            throw .badAnswer("sent \(head.contentType.quoted) that is no answer", head)
        }
        let parts = json["candidates"]?.arrayValue?.first?["content"]?["parts"]?.arrayValue ?? []
        let content = Content(parts, firstCall: 0)
        guard let reason = try finishReason(json, hasCalls: !content.calls.isEmpty, head) else { throw .cut(head) }
        var message: JSONObject = [
            "role": "assistant",
            "content": content.text.isEmpty && !content.calls.isEmpty ? .null : .string(content.text),
        ]
        if !content.reasoning.isEmpty { message["reasoning_content"] = .string(content.reasoning) }
        if !content.calls.isEmpty { message["tool_calls"] = .array(content.calls.map(withoutIndex)) }
        if content.hasExtras { message["praximous"] = ["gemini": ["parts": .array(parts)]] }
        let guess = TokenUsage.estimated(promptBytes: promptBytes, completionBytes: content.text.utf8.count)
        return chunks.completion(
            message: .object(message),
            finishReason: reason,
            usage: usage(json["usageMetadata"]) ?? guess,
            requestID: json["responseId"]?.stringValue ?? head.requestID
        )
    }

    /// Candidates, or word that the prompt was blocked.
    static func isAnswer(_ json: JSON) -> Bool {
        json["candidates"]?.arrayValue?.isEmpty == false || json["promptFeedback"]?["blockReason"] != nil
    }

    /// nil while it goes on.
    ///
    /// Throws for an answer that Gemini itself calls broken.
    static func finishReason(_ json: JSON, hasCalls: Bool, _ head: UpstreamHead) throws(SkillFailure) -> String? {
        let candidate = json["candidates"]?.arrayValue?.first
        guard let reason = candidate?["finishReason"]?.stringValue else {
            return json["promptFeedback"]?["blockReason"] == nil ? nil : "content_filter"
        }
        switch reason {
        case "FINISH_REASON_UNSPECIFIED": return nil
        case "MAX_TOKENS": return "length"
        case "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY",
            "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION":
            return "content_filter"
        case "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL":
            throw .badAnswer("made a call that cannot be read", head)
        default: return hasCalls ? "tool_calls" : "stop"
        }
    }

    /// nil when nothing is counted, or what no request can have.
    ///
    /// Thoughts are part of the answer.
    static func usage(_ json: JSON?) -> TokenUsage? {
        guard let json, json["promptTokenCount"]?.intValue != nil,
            let counts = TokenUsage.counts(
                [
                    "promptTokenCount", "toolUsePromptTokenCount", "candidatesTokenCount", "thoughtsTokenCount",
                    "cachedContentTokenCount",
                ],
                of: json
            )
        else { return nil }
        return TokenUsage(prompt: counts[0] + counts[1], completion: counts[2] + counts[3], cached: counts[4])
    }

    private static func withoutIndex(_ call: JSON) -> JSON {
        var members = call.objectValue ?? JSONObject()
        members["index"] = nil
        return .object(members)
    }
}
