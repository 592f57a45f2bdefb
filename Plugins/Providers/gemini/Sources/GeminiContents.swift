import PraximousJSON
import ProviderKit

/// OpenAI's messages as Gemini's contents.
enum GeminiContents {
    /// The parts of all system messages.
    static func system(_ messages: [JSON]) -> [JSON] { messages.filter(isSystem).flatMap { parts($0["content"]) } }

    static func contents(_ messages: [JSON]) -> [JSON] {
        var names: [String: String] = [:]
        var result: [(role: String, parts: [JSON])] = []
        for message in messages where !isSystem(message) {
            for call in message["tool_calls"]?.arrayValue ?? [] {
                if let id = call["id"]?.stringValue { names[id] = call["function"]?["name"]?.stringValue }
            }
            let role = message["role"] == "assistant" ? "model" : "user"
            let parts = translated(message, names)
            if parts.isEmpty { continue }
            if result.last?.role == role {
                result[result.count - 1].parts += parts
            } else {
                result.append((role, parts))
            }
        }
        return result.map { ["role": .string($0.role), "parts": .array($0.parts)] }
    }

    private static func isSystem(_ message: JSON) -> Bool {
        message["role"] == "system" || message["role"] == "developer"
    }

    private static func translated(_ message: JSON, _ names: [String: String]) -> [JSON] {
        // As Gemini gave them, when the message brings them back: its signatures hold for nothing else.
        if let own = message["praximous"]?["gemini"]?["parts"]?.arrayValue { return own }
        guard message["role"] != "tool" else { return [response(message, names)] }
        let calls = (message["tool_calls"]?.arrayValue ?? []).map { call -> JSON in
            let text = call["function"]?["arguments"]?.stringValue ?? ""
            let arguments = (try? JSON.parse(text)).flatMap(\.objectValue) ?? JSONObject()
            return ["functionCall": ["name": call["function"]?["name"] ?? "", "args": .object(arguments)]]
        }
        return parts(message["content"]) + calls
    }

    /// The result of a function, which must be an object.
    private static func response(_ message: JSON, _ names: [String: String]) -> JSON {
        let id = message["tool_call_id"]?.stringValue ?? ""
        let text = ContentPart.text(of: message["content"])
        let object = (try? JSON.parse(text)).flatMap(\.objectValue)
        return [
            "functionResponse": [
                "name": .string(message["name"]?.stringValue ?? names[id] ?? id),
                "response": object.map(JSON.object) ?? ["result": .string(text)],
            ]
        ]
    }

    private static func parts(_ content: JSON?) -> [JSON] {
        ContentPart.parts(of: content).compactMap { part in
            switch part {
            case .text(let text): text.isEmpty ? Optional.none : ["text": .string(text)]
            case .image(let type, let data), .file(let type, let data):
                ["inlineData": ["mimeType": .string(type), "data": .string(data)]]
            case .imageURL(let url): ["fileData": ["fileUri": .string(url)]]
            case .other(let json): json
            }
        }
    }
}
