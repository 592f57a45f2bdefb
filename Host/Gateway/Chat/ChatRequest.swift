package import PraximousJSON

/// One request of an answer by a model, whatever the dialect it was asked in.
package struct ChatRequest: Sendable {
    /// The dialect of the client; the answer goes back in it.
    package enum Dialect: String, Sendable, CaseIterable {
        case openai, anthropic, praximous
    }

    /// What the client calls the model: a route, an entry, `entry/model` or a model; empty is the default route.
    package var model: String
    package var isStreaming: Bool
    /// The members of an OpenAI chat-completions request as they were sent, unknown ones too.
    ///
    /// `model` and `stream` are set anew for each provider.
    package var body: JSONObject
    package var dialect: Dialect
    package var idempotencyKey: String?
    /// Over everything, to the end of the answer; nil leaves it to the route.
    package var deadline: Duration?
    /// Whether the client drops what it has shown when it gets ``ChatEvent/reset``.
    package var allowsReset: Bool
    /// What the audit calls the request; nil for the model as asked.
    package var taskType: String?
    /// The only entry that may answer, if the client named one.
    package var provider: String?

    package init(
        model: String,
        isStreaming: Bool = false,
        body: JSONObject,
        dialect: Dialect = .openai,
        idempotencyKey: String? = nil,
        deadline: Duration? = nil,
        allowsReset: Bool = false,
        taskType: String? = nil,
        provider: String? = nil
    ) {
        self.model = model
        self.isStreaming = isStreaming
        self.body = body
        self.dialect = dialect
        self.idempotencyKey = idempotencyKey
        self.deadline = deadline
        self.allowsReset = allowsReset
        self.taskType = taskType
        self.provider = provider
    }
}
