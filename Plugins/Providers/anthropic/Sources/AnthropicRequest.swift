import PraximousJSON
import ProviderKit

/// OpenAI's request in the words of the messages API.
struct AnthropicRequest {
    let body: JSON
    /// The tool that stands in for a schema of the answer, where the entry wants it so.
    let jsonTool: String?
    /// What goes into the header `anthropic-beta`; empty when nothing does.
    let betas: String

    /// What an answer may have when nobody says: every model allows it.
    private static let defaultMaxTokens = 4096
    private static let jsonToolName = "json_output"

    init(_ request: ChatRequest, _ config: JSON) {
        let maxTokens = request.maxTokens.map(JSON.integer) ?? config["max_tokens"] ?? .integer(Self.defaultMaxTokens)
        var body: JSONObject = [
            "model": .string(request.model), "max_tokens": maxTokens,
            "messages": .array(AnthropicMessages.messages(request.messages)),
        ]
        if request.isStreaming { body["stream"] = true }
        var system = AnthropicMessages.system(request.messages)
        if request.wantsJSON {
            system.append(["type": "text", "text": "Answer with one JSON object and nothing else."])
        }
        if !system.isEmpty { body["system"] = .array(system) }
        Self.setSampling(request, &body)
        Self.setTools(request, &body)
        Self.setThinking(request, config, &body)
        jsonTool = Self.setSchema(request, config, &body)
        // What came in Anthropic's own words counts more than its translation.
        var extras = request.extras("anthropic")
        let asked = (extras["betas"]?.arrayValue ?? []).compactMap(\.stringValue)
        betas = ([config["beta"]?.stringValue ?? ""] + asked).filter { !$0.isEmpty }.joined(separator: ",")
        extras["betas"] = nil
        for member in extras { body[member.key] = member.value }
        self.body = .object(body)
    }

    private static func setSampling(_ request: ChatRequest, _ body: inout JSONObject) {
        // OpenAI's goes to 2, Anthropic's to 1.
        if let value = request["temperature"], let number = value.doubleValue {
            body["temperature"] = number > 1 ? 1 : value
        }
        for name in ["top_p", "top_k", "metadata", "service_tier", "thinking"] {
            if let value = request[name] { body[name] = value }
        }
        // OpenAI's tiers have other names.
        if !["auto", "standard_only"].contains(body["service_tier"]?.stringValue) { body["service_tier"] = nil }
        if !request.stops.isEmpty { body["stop_sequences"] = .array(request.stops.map(JSON.string)) }
        if let user = request["user"] { body["metadata"] = ["user_id": user] }
    }

    private static func setTools(_ request: ChatRequest, _ body: inout JSONObject) {
        guard let tools = request["tools"]?.arrayValue, !tools.isEmpty else { return }
        body["tools"] = .array(tools.map(tool))
        var choice: JSONObject = ["type": "auto"]
        switch request["tool_choice"] {
        case .some("none"): choice["type"] = "none"
        case .some("required"): choice["type"] = "any"
        case .some(.object(let members)):
            choice = ["type": "tool", "name": members["function"]?["name"] ?? ""]
        default: break
        }
        if request["parallel_tool_calls"] == false { choice["disable_parallel_tool_use"] = true }
        if request["tool_choice"] != nil || choice.count > 1 { body["tool_choice"] = .object(choice) }
    }

    /// A function in Anthropic's form; a tool of another type is Anthropic's own and stays as it is.
    private static func tool(_ tool: JSON) -> JSON {
        guard let function = tool["function"] else { return tool }
        var result: JSONObject = [
            "name": function["name"] ?? "",
            "input_schema": function["parameters"] ?? ["type": "object", "properties": [:]],
        ]
        if let description = function["description"] { result["description"] = description }
        if let control = tool["cache_control"] ?? function["cache_control"] { result["cache_control"] = control }
        return .object(result)
    }

    /// `reasoning_effort`, as newer models want it or, with `thinking: budget`, as older ones do.
    private static func setThinking(_ request: ChatRequest, _ config: JSON, _ body: inout JSONObject) {
        if let effort = request["reasoning_effort"]?.stringValue, effort != "none", body["thinking"] == nil {
            if config["thinking"] == "budget" {
                let budget = ["minimal": 1024, "low": 2048, "medium": 8192][effort] ?? 16_384
                body["thinking"] = ["type": "enabled", "budget_tokens": .integer(budget)]
                let room = body["max_tokens"]?.intValue ?? defaultMaxTokens
                if room <= budget { body["max_tokens"] = .integer(room + budget) }
            } else {
                body["thinking"] = ["type": "adaptive"]
                body["output_config"] = ["effort": effort == "minimal" ? "low" : .string(effort)]
            }
        }
        // A thinking model takes no other temperature than its own.
        if let thinking = body["thinking"], thinking["type"] != "disabled" {
            body["temperature"] = nil
            body["top_k"] = nil
        }
    }

    private static func setSchema(_ request: ChatRequest, _ config: JSON, _ body: inout JSONObject) -> String? {
        guard let schema = request.schema else { return nil }
        guard config["structured_output"] == "tool" else {
            var output = body["output_config"]?.objectValue ?? JSONObject()
            output["format"] = ["type": "json_schema", "schema": schema]
            body["output_config"] = .object(output)
            return nil
        }
        let tool: JSON = [
            "name": .string(jsonToolName), "description": "Gives the answer.", "input_schema": schema,
        ]
        body["tools"] = .array((body["tools"]?.arrayValue ?? []) + [tool])
        body["tool_choice"] = ["type": "tool", "name": .string(jsonToolName)]
        return jsonToolName
    }
}
