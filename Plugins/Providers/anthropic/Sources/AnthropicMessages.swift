import PraximousJSON
import ProviderKit

/// OpenAI's messages as Anthropic's: the system's apart, the results of tools in the user's, never two of one role in a
/// row.
enum AnthropicMessages {
    /// The blocks of all system messages.
    static func system(_ messages: [JSON]) -> [JSON] {
        messages.filter(isSystem).flatMap { own($0) ?? blocks($0["content"]) }
    }

    static func messages(_ messages: [JSON]) -> [JSON] {
        var result: [(role: String, blocks: [JSON])] = []
        for message in messages where !isSystem(message) {
            let role = message["role"] == "assistant" ? "assistant" : "user"
            let blocks = role == "assistant" ? assistant(message) : user(message)
            if blocks.isEmpty { continue }
            if result.last?.role == role {
                result[result.count - 1].blocks += blocks
            } else {
                result.append((role, blocks))
            }
        }
        return result.map { ["role": .string($0.role), "content": .array($0.blocks)] }
    }

    private static func isSystem(_ message: JSON) -> Bool {
        message["role"] == "system" || message["role"] == "developer"
    }

    private static func user(_ message: JSON) -> [JSON] {
        if let own = own(message) { return own }
        guard message["role"] == "tool" else { return blocks(message["content"]) }
        let content = blocks(message["content"])
        return [
            [
                "type": "tool_result", "tool_use_id": message["tool_call_id"] ?? "",
                "content": content.count == 1 ? content[0]["text"] ?? .array(content) : .array(content),
            ]
        ]
    }

    private static func assistant(_ message: JSON) -> [JSON] {
        if let own = own(message) { return own }
        let calls = (message["tool_calls"]?.arrayValue ?? []).map { call -> JSON in
            let text = call["function"]?["arguments"]?.stringValue ?? ""
            let input = (try? JSON.parse(text)).flatMap(\.objectValue) ?? JSONObject()
            return [
                "type": "tool_use", "id": call["id"] ?? "", "name": call["function"]?["name"] ?? "",
                "input": .object(input),
            ]
        }
        return thinking(message) + blocks(message["content"]) + calls
    }

    /// The whole content as Anthropic gave it, when the message brings it back: signatures hold for nothing else.
    private static func own(_ message: JSON) -> [JSON]? { message["praximous"]?["anthropic"]?["content"]?.arrayValue }

    /// Single blocks that the message brings back.
    private static func thinking(_ message: JSON) -> [JSON] {
        let extra = message["praximous"]?["anthropic"]
        if let blocks = extra?.arrayValue { return blocks }
        return extra?["type"] == nil ? [] : extra.map { [$0] } ?? []
    }

    private static func blocks(_ content: JSON?) -> [JSON] {
        let parts = ContentPart.parts(of: content)
        let controls = content?.arrayValue?.map { $0["cache_control"] } ?? []
        return zip(parts, controls + Array(repeating: Optional.none, count: parts.count)).compactMap { part, control in
            guard var block = block(part)?.objectValue else { return Optional.none }
            if let control { block["cache_control"] = control }
            return JSON.object(block)
        }
    }

    /// An empty text is refused, so it is nothing.
    private static func block(_ part: ContentPart) -> JSON? {
        switch part {
        case .text(let text): text.isEmpty ? Optional.none : ["type": "text", "text": .string(text)]
        case .image(let type, let data):
            ["type": "image", "source": ["type": "base64", "media_type": .string(type), "data": .string(data)]]
        case .imageURL(let url): ["type": "image", "source": ["type": "url", "url": .string(url)]]
        case .file(let type, let data):
            ["type": "document", "source": ["type": "base64", "media_type": .string(type), "data": .string(data)]]
        case .other(let json): json
        }
    }
}
