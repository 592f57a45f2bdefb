package import Core
import PraximousJSON

extension ChatRequest {
    /// Makes a chat of a task of `/api/v1/process` whose type is a route, an entry or a model.
    ///
    /// `prompt` becomes the user's message, after `messages` and a `system` text where they are given. What models know
    /// of the other members, at the top or in `params`, passes; the rest is left out, as the original did. Throws
    /// `invalid_parameters`.
    package init(task: SkillRequest, isStreaming: Bool) throws(Failure) {
        let parameters = task.parameters.objectValue ?? [:]
        let nested = parameters["params"]?.objectValue ?? [:]
        var body: JSONObject = [:]
        for name in Self.passed { body[name] = parameters[name] ?? nested[name] }
        body["messages"] = .array(try Self.messages(of: parameters, nested))
        let deadline = parameters["deadline_ms"] ?? nested["deadline_ms"]
        if let deadline, deadline.intValue.map({ $0 > 0 }) != true {
            throw .badParameter("deadline_ms", "a number of milliseconds above 0")
        }
        self.init(
            model: task.taskType,
            isStreaming: isStreaming,
            body: body,
            dialect: .praximous,
            deadline: deadline?.intValue.map { .milliseconds($0) },
            taskType: task.taskType,
            provider: parameters["provider"]?.stringValue
        )
    }

    private static let passed = [
        "temperature", "top_p", "max_tokens", "max_completion_tokens", "stop", "seed", "presence_penalty",
        "frequency_penalty", "response_format", "tools", "tool_choice", "parallel_tool_calls", "reasoning_effort",
        "user",
    ]

    private static func messages(of parameters: JSONObject, _ nested: JSONObject) throws(Failure) -> [JSON] {
        var messages: [JSON] = []
        if let system = parameters["system"] ?? nested["system"], system != .null {
            guard system.stringValue != nil else { throw .badParameter("system", "a text") }
            messages.append(["role": "system", "content": system])
        }
        if let given = parameters["messages"] ?? nested["messages"], given != .null {
            guard let list = given.arrayValue, list.allSatisfy({ $0["role"]?.stringValue != nil }) else {
                throw .badParameter("messages", "a list of messages, each with a role")
            }
            messages += list
        }
        // An empty prompt alone is still a prompt, as it was in the original.
        if let prompt = parameters["prompt"]?.stringValue, !prompt.isEmpty || parameters["messages"] == nil {
            messages.append(["role": "user", "content": .string(prompt)])
        }
        guard messages.contains(where: { $0["role"]?.stringValue != "system" }) else {
            throw .badParameter("prompt", "a text, or messages in its place")
        }
        return messages
    }
}

extension Failure {
    fileprivate static func badParameter(_ name: String, _ expected: String) -> Failure {
        Failure(
            .unprocessable,
            code: "invalid_parameters",
            message: "\(name): expected \(expected).",
            details: [
                "fields": [
                    [
                        "type": "value_error", "loc": ["body", .string(name)],
                        "msg": .string("Input should be \(expected)"),
                    ]
                ]
            ]
        )
    }
}
