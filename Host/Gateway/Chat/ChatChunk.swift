import PraximousJSON

/// What the pipeline looks for in one `chat.completion.chunk` of a provider.
struct ChatChunk: Sendable {
    private(set) var object: JSONObject

    /// Nil for what is no JSON object.
    init?(_ bytes: [UInt8]) {
        guard let object = (try? JSON.parse(bytes))?.objectValue else { return nil }
        self.object = object
    }

    private var choices: [JSON] { object["choices"]?.arrayValue ?? [] }

    private func delta(_ choice: JSON) -> JSONObject { choice["delta"]?.objectValue ?? [:] }

    /// Whether something of the answer is in it: content, reasoning, a tool call, or its end; a role alone is nothing.
    var isMeaningful: Bool {
        choices.contains { choice in
            if choice["finish_reason"]?.stringValue != nil { return true }
            return delta(choice).contains { $0.key != "role" && !$0.value.isEmptyOrNull }
        }
    }

    var id: JSON? { object["id"] }
    var created: JSON? { object["created"] }

    /// The text of the first choice in it.
    var content: String? {
        guard let choice = choices.first, choice["index"]?.intValue ?? 0 == 0 else { return nil }
        return delta(choice)["content"]?.stringValue
    }

    var finishReason: String? { choices.first?["finish_reason"]?.stringValue }

    var hasUsage: Bool { object["usage"]?.objectValue != nil }

    /// Whether it holds what cannot be taken up by another provider: tool calls, other choices.
    var isBeyondText: Bool {
        choices.contains { choice in
            let delta = delta(choice)
            return choice["index"]?.intValue ?? 0 != 0
                || ["tool_calls", "function_call", "refusal", "audio"].contains { delta[$0]?.isEmptyOrNull == false }
        }
    }

    /// How many bytes of the answer's text or reasoning it brings.
    var outputBytes: Int {
        choices.reduce(0) { sum, choice in
            delta(choice).reduce(sum) { $1.key == "role" ? $0 : $0 + $1.value.textBytes }
        }
    }

    /// The same chunk as part of the answer that another provider began, with this much of its text.
    func continuing(id: JSON?, created: JSON?, content: String) -> ChatChunk {
        var copy = self
        copy.object["id"] = id ?? copy.object["id"]
        copy.object["created"] = created ?? copy.object["created"]
        guard var choice = choices.first?.objectValue else { return copy }
        choice["delta"] = content.isEmpty ? [:] : ["content": .string(content)]
        copy.object["choices"] = [.object(choice)]
        return copy
    }

    var encoded: [UInt8] { JSON.object(object).encoded() }
}

extension JSON {
    fileprivate var isEmptyOrNull: Bool {
        switch self {
        case .null: true
        case .string(let text): text.isEmpty
        case .array(let elements): elements.isEmpty
        case .object(let object): object.isEmpty
        case .bool, .number: false
        }
    }

    /// The bytes of all texts in it.
    var textBytes: Int {
        switch self {
        case .string(let text): text.utf8.count
        case .array(let elements): elements.reduce(0) { $0 + $1.textBytes }
        case .object(let object): object.reduce(0) { $0 + $1.value.textBytes }
        case .null, .bool, .number: 0
        }
    }
}
