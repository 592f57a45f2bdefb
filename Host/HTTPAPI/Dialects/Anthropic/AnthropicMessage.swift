import Core
import Gateway
import PraximousJSON

/// A `chat.completion` as the message that Anthropic's API would have answered.
struct AnthropicMessage {
    let json: JSON

    /// Throws ``Failure`` `upstream_bad_answer` when the completion holds no message.
    init(_ answer: ChatAnswer, model: String, wantsThinking: Bool) throws(Failure) {
        guard let completion = try? JSON.parse(answer.completion),
            let choice = completion["choices"]?.arrayValue?.first, let message = choice["message"]
        else { throw .noMessage }
        let vendor = AnthropicExtras(of: message) ?? AnthropicExtras(of: completion)
        let ending = AnthropicEnding(
            finishReason: choice["finish_reason"]?.stringValue ?? answer.finishReason,
            vendor: vendor
        )
        json = [
            "id": .string(AnthropicID.of(completion["id"])), "type": "message", "role": "assistant",
            "model": completion["model"] ?? .string(model),
            "content": vendor?.content ?? .array(Self.content(message, wantsThinking: wantsThinking)),
            "stop_reason": .string(ending.reason), "stop_sequence": ending.sequence,
            "usage": AnthropicUsage(completion["usage"], answer.usage, vendor: vendor).json,
        ]
    }

    private static func content(_ message: JSON, wantsThinking: Bool) -> [JSON] {
        var blocks: [JSON] = []
        if wantsThinking, let thinking = message.reasoning {
            blocks.append(["type": "thinking", "thinking": .string(thinking), "signature": ""])
        }
        for key in ["content", "refusal"] {
            guard let text = message[key]?.plainText, !text.isEmpty else { continue }
            blocks.append(["type": "text", "text": .string(text)])
        }
        for (place, call) in (message["tool_calls"]?.arrayValue ?? []).enumerated() {
            let function = call["function"]
            blocks.append([
                "type": "tool_use", "id": AnthropicID.ofCall(call["id"], place), "name": function?["name"] ?? "",
                "input": input(function?["arguments"]?.stringValue ?? ""),
            ])
        }
        return blocks
    }

    /// What a model wrote that is no JSON object goes on as Anthropic's guide to tools has it.
    private static func input(_ arguments: String) -> JSON {
        if arguments.isEmpty { return [:] }
        guard let input = try? JSON.parse(arguments), input.objectValue != nil else {
            return ["INVALID_JSON": .string(arguments)]
        }
        return input
    }
}

/// What a provider that speaks Anthropic's dialect keeps beside OpenAI's words, under `praximous.anthropic`.
struct AnthropicExtras {
    let members: JSON

    init?(of json: JSON) {
        guard let members = json["praximous"]?["anthropic"] else { return nil }
        self.members = members
    }

    /// The blocks of the whole message as the vendor sent them.
    var content: JSON? { members["content"].flatMap { $0.arrayValue == nil ? nil : $0 } }

    /// One block or event, or several, of a message that is streamed.
    var items: [JSON] {
        if let list = members.arrayValue { return list }
        return members["type"]?.stringValue == nil ? [] : [members]
    }
}

/// Why a message ended, in Anthropic's words.
struct AnthropicEnding {
    let reason: String
    let sequence: JSON

    init(finishReason: String?, vendor: AnthropicExtras?) {
        reason = vendor?.members["stop_reason"]?.stringValue ?? Self.reason(finishReason)
        sequence = vendor?.members["stop_sequence"] ?? .null
    }

    private static func reason(_ finishReason: String?) -> String {
        switch finishReason {
        case "length": "max_tokens"
        case "tool_calls", "function_call": "tool_use"
        case "content_filter": "refusal"
        default: "end_turn"
        }
    }
}

/// The tokens of a message; those that came out of a cache are told apart.
struct AnthropicUsage {
    let json: JSON

    /// `reported` is the provider's in OpenAI's words, `counted` what the host knows otherwise.
    init(_ reported: JSON?, _ counted: TokenUsage?, vendor: AnthropicExtras? = nil) {
        if let own = vendor?.members["usage"], Self.isCredible(own) {
            json = own
            return
        }
        let cached = reported?["prompt_tokens_details"]?["cached_tokens"]?.intValue ?? counted?.cachedInputTokens ?? 0
        let input = reported?["prompt_tokens"]?.intValue ?? counted?.inputTokens ?? 0
        let output = reported?["completion_tokens"]?.intValue ?? counted?.outputTokens ?? 0
        var members: JSONObject = [
            "input_tokens": .integer(max(0, input.subtractingReportingOverflow(cached).partialValue)),
            "output_tokens": .integer(max(0, output)), "cache_read_input_tokens": .integer(max(0, cached)),
            "cache_creation_input_tokens": 0,
        ]
        if counted?.isEstimated == true { members["estimated"] = true }
        json = .object(members)
    }

    /// Whether every count in a provider's own usage is one that a request can have.
    private static func isCredible(_ usage: JSON) -> Bool {
        guard let members = usage.objectValue else { return false }
        return members.allSatisfy { member in
            !member.key.hasSuffix("_tokens") || member.value == .null || TokenUsage.credibleCount(member.value) != nil
        }
    }
}

/// Ids in the form that Anthropic's have.
enum AnthropicID {
    static func of(_ id: JSON?) -> String {
        let text = id?.stringValue ?? ""
        return text.hasPrefix("msg_") ? text : "msg_" + text
    }

    static func ofCall(_ id: JSON?, _ place: Int) -> JSON {
        guard let text = id?.stringValue, !text.isEmpty else { return .string("toolu_\(place)") }
        return .string(text)
    }
}

extension JSON {
    /// The thinking of a message or of a delta, as providers have come to call it.
    var reasoning: String? {
        let text = self["reasoning_content"]?.stringValue ?? self["reasoning"]?.stringValue
        return text?.isEmpty == false ? text : nil
    }

    /// A text, or the texts among content parts.
    var plainText: String? {
        stringValue ?? arrayValue.map { $0.compactMap { $0["text"]?.stringValue }.joined() }
    }
}

extension Failure {
    fileprivate static let noMessage = Failure(
        .upstream,
        code: "upstream_bad_answer",
        message: "The provider's answer holds no message."
    )
}
