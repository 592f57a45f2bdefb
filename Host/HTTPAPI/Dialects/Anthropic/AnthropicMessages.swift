import Core
import PraximousJSON

/// The system prompt and the messages of a request, in OpenAI's words.
struct AnthropicMessages {
    private(set) var inner: [JSON] = []

    init(_ check: ParameterCheck) throws(Failure) {
        if let system = check["system"] { inner.append(try Self.system(system)) }
        for (place, message) in try check.elements("messages").enumerated() {
            let path = "messages[\(place)]"
            guard let object = message.objectValue else { throw .wrongType(path, "an object", message) }
            guard let content = object["content"] else { throw .missing(path + ".content") }
            switch object["role"] {
            case "user": inner += try Self.user(try AnthropicContent(content, path + ".content"))
            case "assistant": inner.append(Self.assistant(try AnthropicContent(content, path + ".content")))
            case "system": inner.append(try Self.system(content, path + ".content"))
            case nil: throw .missing(path + ".role")
            default: throw .invalid(path + ".role", "expected 'user' or 'assistant'")
            }
        }
    }

    private static func system(_ system: JSON, _ path: String = "system") throws(Failure) -> JSON {
        let content = try AnthropicContent(system, path)
        return message("system", .string(content.texts.joined(separator: "\n\n")), content.preserved)
    }

    /// Results of tools are messages of their own there, and come first.
    private static func user(_ content: AnthropicContent) throws(Failure) -> [JSON] {
        var messages: [JSON] = []
        var rest: [AnthropicBlock] = []
        var pictures: [JSON] = []
        for block in content.blocks {
            guard block.type == "tool_result" else {
                rest.append(block)
                continue
            }
            let result = try AnthropicContent(block["content"] ?? "", block.path + ".content")
            var message: JSONObject = [
                "role": "tool", "tool_call_id": try block.required("tool_use_id"),
                "content": .string(result.texts.joined(separator: "\n")),
            ]
            if !block.isPlain { message["praximous"] = ["anthropic": ["content": [.object(block.members)]]] }
            messages.append(.object(message))
            // A tool's message holds text alone.
            pictures += result.blocks.filter { $0.type != "text" }.compactMap(\.part)
        }
        let remainder = AnthropicContent(blocks: rest)
        let parts = pictures + remainder.blocks.compactMap(\.part)
        guard !rest.isEmpty || !pictures.isEmpty || messages.isEmpty else { return messages }
        let isText = parts.count == 1 && parts[0]["type"] == "text"
        let value: JSON = parts.isEmpty ? "" : isText ? parts[0]["text"] ?? "" : .array(parts)
        // Pictures out of a result would be there twice for a provider that gets the result itself.
        let preserved = pictures.isEmpty ? remainder.preserved : .array(rest.map { .object($0.members) })
        messages.append(message("user", value, preserved))
        return messages
    }

    private static func assistant(_ content: AnthropicContent) -> JSON {
        let calls = content.blocks.filter { $0.type == "tool_use" }.map { block -> JSON in
            [
                "id": block["id"] ?? "", "type": "function",
                "function": [
                    "name": block["name"] ?? "", "arguments": .string((block["input"] ?? [:]).text),
                ],
            ]
        }
        let text = content.texts.joined()
        guard
            case .object(var object) = message(
                "assistant",
                text.isEmpty && !calls.isEmpty ? .null : .string(text),
                content.preserved
            )
        else { return .null }
        if !calls.isEmpty { object["tool_calls"] = .array(calls) }
        return .object(object)
    }

    private static func message(_ role: String, _ content: JSON, _ preserved: JSON?) -> JSON {
        var object: JSONObject = ["role": .string(role), "content": content]
        if let preserved { object["praximous"] = ["anthropic": ["content": preserved]] }
        return .object(object)
    }
}
