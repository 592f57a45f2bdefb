import Core
import PraximousJSON

/// The body of `POST /v1/chat/completions`, looked at as OpenAI's API does before any model sees it.
///
/// Members that are not known here pass through as they are.
struct OpenAIChatBody {
    let members: JSONObject
    let model: String
    let isStreaming: Bool
    /// Whether the client asked for the chunk with the usage, which the host always asks a provider for.
    let includesUsage: Bool

    private static let roles = ["system", "assistant", "user", "function", "tool", "developer"]

    /// Throws ``Failure`` of kind `invalid` that names the first member that is wrong.
    init(_ members: JSONObject) throws(Failure) {
        let check = ParameterCheck(body: members)
        model = try check.model()
        for (place, message) in try check.elements("messages").enumerated() {
            try Self.checkMessage(message, "messages[\(place)]")
        }
        isStreaming = try check.flag("stream")
        let options = try check.object("stream_options")
        if options != nil, !isStreaming {
            throw .refused(
                "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
                "stream_options",
                code: "invalid_value"
            )
        }
        includesUsage = try ParameterCheck(body: options ?? JSONObject()).flag("include_usage")
        try Self.checkSettings(check)
        try Self.checkTools(check)
        self.members = members
    }

    private static func checkSettings(_ check: ParameterCheck) throws(Failure) {
        try check.integer("n", in: 1...128)
        for key in ["max_tokens", "max_completion_tokens", "seed", "top_logprobs"] { try check.integer(key) }
        for key in ["temperature", "top_p", "presence_penalty", "frequency_penalty"] { try check.number(key) }
        for key in ["logprobs", "parallel_tool_calls"] { _ = try check.flag(key) }
        for key in ["logit_bias", "response_format", "metadata"] { _ = try check.object(key) }
        _ = try check.string("user")
        try check.strings("stop")
    }

    private static func checkTools(_ check: ParameterCheck) throws(Failure) {
        guard let tools = check["tools"] else { return }
        guard let elements = tools.arrayValue else { throw .wrongType("tools", "an array of objects", tools) }
        for (place, tool) in elements.enumerated() {
            let path = "tools[\(place)]"
            guard let object = tool.objectValue else { throw .wrongType(path, "an object", tool) }
            guard object["type"]?.stringValue != nil else { throw .missing(path + ".type") }
            guard object["type"] == "function" else { continue }
            guard let name = object["function"]?["name"]?.stringValue, !name.isEmpty else {
                throw .missing(path + ".function.name")
            }
        }
    }

    private static func checkMessage(_ message: JSON, _ path: String) throws(Failure) {
        guard let object = message.objectValue else { throw .wrongType(path, "an object", message) }
        guard let role = object["role"] else { throw .missing(path + ".role") }
        guard let name = role.stringValue else { throw .wrongType(path + ".role", "a string", role) }
        guard roles.contains(name) else {
            let known = roles.map { "'\($0)'" }.joined(separator: ", ")
            throw .invalid(path + ".role", "\(name.quotedForMessage()). Supported values are: \(known)")
        }
        if name == "tool", object["tool_call_id"]?.stringValue == nil { throw .missing(path + ".tool_call_id") }
        try checkContent(object, role: name, path)
    }

    private static func checkContent(_ message: JSONObject, role: String, _ path: String) throws(Failure) {
        let place = path + ".content"
        guard let content = message["content"], content != .null else {
            // An assistant that called a tool, or refused, need not have said anything.
            guard role == "assistant" || role == "function" else { throw .missing(place) }
            return
        }
        if content.stringValue != nil { return }
        guard let parts = content.arrayValue else {
            throw .wrongType(place, "a string or an array of content parts", content)
        }
        for (number, part) in parts.enumerated() {
            let partPath = "\(place)[\(number)]"
            guard let object = part.objectValue else { throw .wrongType(partPath, "an object", part) }
            guard let type = object["type"]?.stringValue else { throw .missing(partPath + ".type") }
            if type == "text", object["text"]?.stringValue == nil { throw .missing(partPath + ".text") }
            if type == "image_url", object["image_url"] == nil { throw .missing(partPath + ".image_url") }
        }
    }
}
