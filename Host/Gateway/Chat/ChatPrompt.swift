import Core
import PraximousJSON

/// What a request says to each provider in turn.
struct ChatPrompt: Sendable {
    private let body: JSONObject
    private let isStreaming: Bool

    /// `persona` is put before the conversation as a system message.
    init(_ body: JSONObject, isStreaming: Bool, persona: String?) {
        var body = body
        if let persona, let messages = body["messages"]?.arrayValue {
            body["messages"] = .array([["role": "system", "content": .string(persona)]] + messages)
        }
        self.body = body
        self.isStreaming = isStreaming
    }

    /// The parameters of a `chat` call.
    ///
    /// `prefill` is text of an answer that was cut: the assistant's last words, to be gone on with.
    func parameters(for model: String, prefill: [UInt8]? = nil) -> [UInt8] {
        var body = body
        body["model"] = .string(model)
        body["stream"] = .bool(isStreaming)
        if let prefill, let messages = body["messages"]?.arrayValue {
            let text = JSON.string(String(decoding: prefill, as: UTF8.self))
            body["messages"] = .array(messages + [["role": "assistant", "content": text]])
        }
        return JSON.object(body).encoded()
    }

    /// Whether another provider could go on with an answer: one answer was asked for, and it is text.
    var isContinuable: Bool { body["n"]?.intValue ?? 1 == 1 && body["logprobs"]?.boolValue != true }

    var inputTokens: Int { TokenEstimate.input(of: body) }

    /// What the client allows at most.
    var maxOutputTokens: Int? {
        (body["max_completion_tokens"] ?? body["max_tokens"])?.intValue.flatMap { $0 >= 0 ? $0 : nil }
    }
}
