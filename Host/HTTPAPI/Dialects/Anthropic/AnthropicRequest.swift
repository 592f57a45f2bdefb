import Core
import PraximousJSON

/// The body of `POST /v1/messages`, in the inner dialect: OpenAI's chat completions.
///
/// What has no word there travels beside it, under `praximous.anthropic`, so that a provider that speaks Anthropic's
/// dialect gets it back as it was: in the body, the members of the request (`thinking`, `top_k`, … and `tools`, if one of
/// them is more than a function); in a message, `content`, its blocks as they were sent, if one of them is more than
/// text, a picture or a plain call.
struct AnthropicRequest {
    let model: String
    let isStreaming: Bool
    /// Whether the client takes blocks of thinking, which only an SDK that asked for them does.
    let wantsThinking: Bool
    let body: JSONObject

    /// Members that the body itself says, in OpenAI's words.
    private static let translated: Set<String> = [
        "model", "messages", "system", "max_tokens", "stream", "temperature", "top_p", "stop_sequences", "tools",
        "tool_choice", "metadata",
    ]

    /// `betas` are the values of the `anthropic-beta` header, which go along as `praximous.anthropic_beta`.
    ///
    /// Throws ``Failure`` of kind `invalid` that names the first member that is wrong.
    init(_ members: JSONObject, betas: [String] = []) throws(Failure) {
        let check = ParameterCheck(body: members)
        model = try check.model()
        guard let maxTokens = try check.integer("max_tokens", in: 1...Int.max) else { throw .missing("max_tokens") }
        isStreaming = try check.flag("stream")
        wantsThinking = try check.object("thinking").map { $0["type"] != "disabled" } ?? false
        var body: JSONObject = ["model": .string(model)]
        body["messages"] = .array(try AnthropicMessages(check).inner)
        body["max_tokens"] = .integer(maxTokens)
        try Self.copySettings(check, to: &body)
        let tools = try AnthropicTools(check)
        body["tools"] = tools.functions
        body["tool_choice"] = tools.choice
        if tools.isParallelDisabled { body["parallel_tool_calls"] = false }
        if isStreaming { body["stream"] = true }
        let vendor = Self.vendorMembers(members, keepsTools: tools.arePlain == false)
        var beside = JSONObject()
        if !vendor.isEmpty { beside["anthropic"] = .object(vendor) }
        if !betas.isEmpty { beside["anthropic_beta"] = .array(betas.map(JSON.string)) }
        if !beside.isEmpty { body["praximous"] = .object(beside) }
        self.body = body
    }

    private static func copySettings(_ check: ParameterCheck, to body: inout JSONObject) throws(Failure) {
        for key in ["temperature", "top_p"] {
            try check.number(key)
            body[key] = check[key]
        }
        if check["stop_sequences"]?.stringValue != nil {
            throw .wrongType("stop_sequences", "an array of strings", "")
        }
        try check.strings("stop_sequences")
        if let stop = check["stop_sequences"], stop != [] { body["stop"] = stop }
        if let user = try check.object("metadata")?["user_id"], user.stringValue != nil { body["user"] = user }
        body["response_format"] = responseFormat(check)
    }

    /// Structured output: `output_config.format`, or `output_format` as its beta had it.
    private static func responseFormat(_ check: ParameterCheck) -> JSON? {
        let format = check["output_config"]?["format"] ?? check["output_format"]
        guard format?["type"] == "json_schema", let schema = format?["schema"] else { return nil }
        return ["type": "json_schema", "json_schema": ["name": "output", "strict": true, "schema": schema]]
    }

    private static func vendorMembers(_ members: JSONObject, keepsTools: Bool) -> JSONObject {
        var vendor = JSONObject()
        for member in members where member.value != .null {
            let isKept =
                switch member.key {
                case "tools": keepsTools
                // The user alone has a word of its own.
                case "metadata": member.value.objectValue?.contains { $0.key != "user_id" } ?? false
                case "praximous": false
                default: !translated.contains(member.key)
                }
            if isKept { vendor[member.key] = member.value }
        }
        return vendor
    }
}
