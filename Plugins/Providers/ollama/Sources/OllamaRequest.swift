import PraximousJSON
import ProviderKit

/// OpenAI's request in the words of Ollama's `/api/chat`.
enum OllamaRequest {
    /// What Ollama knows by the same name.
    private static let options = [
        "temperature", "top_p", "top_k", "min_p", "seed", "presence_penalty", "frequency_penalty", "repeat_penalty",
        "num_ctx", "num_predict",
    ]

    static func body(_ request: ChatRequest, _ config: JSON) -> JSON {
        var body: JSONObject = [
            "model": .string(request.model), "messages": .array(messages(request)),
            "stream": .bool(request.isStreaming),
        ]
        if let tools = request["tools"], request["tool_choice"] != "none" { body["tools"] = tools }
        if let schema = request.schema { body["format"] = schema } else if request.wantsJSON { body["format"] = "json" }
        if let alive = request["keep_alive"] ?? config["keep_alive"] { body["keep_alive"] = alive }
        if let think = think(request) { body["think"] = think }
        let options = optionValues(request, config)
        if !options.isEmpty { body["options"] = .object(options) }
        return .object(body)
    }

    /// The entry's own options, over them those of the request.
    private static func optionValues(_ request: ChatRequest, _ config: JSON) -> JSONObject {
        var values = config["options"]?.objectValue ?? JSONObject()
        for member in request["options"]?.objectValue ?? [:] { values[member.key] = member.value }
        for name in options { if let value = request[name] { values[name] = value } }
        if let maxTokens = request.maxTokens { values["num_predict"] = .integer(maxTokens) }
        if !request.stops.isEmpty { values["stop"] = .array(request.stops.map(JSON.string)) }
        return values
    }

    private static func think(_ request: ChatRequest) -> JSON? {
        if let think = request["think"] { return think }
        switch request["reasoning_effort"]?.stringValue {
        case nil: return nil
        case "none", "minimal": return false
        case .some(let effort): return .string(effort)
        }
    }

    private static func messages(_ request: ChatRequest) -> [JSON] {
        var names: [String: String] = [:]
        return request.messages.map { message in
            for call in message["tool_calls"]?.arrayValue ?? [] {
                if let id = call["id"]?.stringValue { names[id] = call["function"]?["name"]?.stringValue }
            }
            return translated(message, toolNames: names)
        }
    }

    private static func translated(_ message: JSON, toolNames: [String: String]) -> JSON {
        let role = message["role"]?.stringValue ?? "user"
        var result: JSONObject = [
            "role": .string(role == "developer" ? "system" : role),
            "content": .string(ContentPart.text(of: message["content"])),
        ]
        let images = ContentPart.parts(of: message["content"]).compactMap { part -> JSON? in
            if case .image(_, let base64) = part { .string(base64) } else { nil }
        }
        if !images.isEmpty { result["images"] = .array(images) }
        if let reasoning = message["reasoning_content"] { result["thinking"] = reasoning }
        if let calls = message["tool_calls"]?.arrayValue { result["tool_calls"] = .array(calls.map(call)) }
        if role == "tool", let id = message["tool_call_id"]?.stringValue {
            result["tool_name"] = .string(message["name"]?.stringValue ?? toolNames[id] ?? id)
        }
        return .object(result)
    }

    /// Ollama wants the arguments as an object, OpenAI has them as a text.
    private static func call(_ call: JSON) -> JSON {
        let text = call["function"]?["arguments"]?.stringValue ?? ""
        let arguments = (try? JSON.parse(text)).flatMap(\.objectValue) ?? JSONObject()
        return ["function": ["name": call["function"]?["name"] ?? "", "arguments": .object(arguments)]]
    }
}
