import Core
import PraximousJSON

/// The tools of a request, in OpenAI's words.
///
/// Those that Anthropic runs itself have none, and are offered to no other provider.
struct AnthropicTools {
    /// Nil when there are none.
    let functions: JSON?
    let choice: JSON?
    let isParallelDisabled: Bool
    /// Whether `functions` says all that the request does.
    let arePlain: Bool

    init(_ check: ParameterCheck) throws(Failure) {
        var functions: [JSON] = []
        var arePlain = true
        if let tools = check["tools"] {
            guard let elements = tools.arrayValue else { throw .wrongType("tools", "an array of objects", tools) }
            for (place, tool) in elements.enumerated() {
                guard let object = tool.objectValue else { throw .wrongType("tools[\(place)]", "an object", tool) }
                arePlain = arePlain && Self.isPlain(object)
                if let function = try Self.function(object, "tools[\(place)]") { functions.append(function) }
            }
        }
        self.functions = functions.isEmpty ? nil : .array(functions)
        self.arePlain = arePlain
        let choice = try check.object("tool_choice")
        isParallelDisabled = choice?["disable_parallel_tool_use"] == true
        // Without a function there is nothing to choose from: OpenAI's API refuses the one without the other.
        self.choice = functions.isEmpty ? nil : try Self.choice(choice)
    }

    private static func isPlain(_ tool: JSONObject) -> Bool {
        tool.allSatisfy {
            ["name", "description", "input_schema"].contains($0.key) || $0.key == "type" && $0.value == "custom"
        }
    }

    private static func function(_ tool: JSONObject, _ path: String) throws(Failure) -> JSON? {
        guard [nil, .null, "custom"].contains(tool["type"]) else { return nil }
        guard let name = tool["name"]?.stringValue, !name.isEmpty else { throw .missing(path + ".name") }
        guard let schema = tool["input_schema"] else { throw .missing(path + ".input_schema") }
        guard schema.objectValue != nil else { throw .wrongType(path + ".input_schema", "an object", schema) }
        var function: JSONObject = ["name": .string(name)]
        function["description"] = tool["description"]
        function["parameters"] = schema
        return ["type": "function", "function": .object(function)]
    }

    private static func choice(_ choice: JSONObject?) throws(Failure) -> JSON? {
        guard let choice else { return nil }
        switch choice["type"] {
        case "auto": return "auto"
        case "any": return "required"
        case "none": return "none"
        case "tool":
            guard let name = choice["name"]?.stringValue else { throw .missing("tool_choice.name") }
            return ["type": "function", "function": ["name": .string(name)]]
        default: throw .invalid("tool_choice.type", "expected 'auto', 'any', 'tool' or 'none'")
        }
    }
}
