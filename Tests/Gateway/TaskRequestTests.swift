import Core
import Gateway
import PraximousJSON
import Testing

@Suite("Tasks that models serve") struct TaskRequestTests {
    private func request(_ parameters: JSON) throws(Failure) -> ChatRequest {
        try ChatRequest(task: SkillRequest(taskType: "r", operation: nil, parameters: parameters), isStreaming: false)
    }

    @Test(
        "a prompt becomes the user's message, after what else there is",
        arguments: [
            (["prompt": "Hi"], [["role": "user", "content": "Hi"]]),
            (["prompt": ""], [["role": "user", "content": ""]]),
            (
                ["prompt": "Hi", "system": "Be brief"],
                [["role": "system", "content": "Be brief"], ["role": "user", "content": "Hi"]]
            ),
            (
                ["prompt": "", "messages": [["role": "user", "content": "A"]]],
                [["role": "user", "content": "A"]]
            ),
            (
                ["prompt": "B", "params": ["messages": [["role": "user", "content": "A"]]]],
                [["role": "user", "content": "A"], ["role": "user", "content": "B"]]
            ),
        ] as [(JSON, JSON)]
    )
    func messages(parameters: JSON, expected: JSON) throws {
        #expect(try request(parameters).body["messages"] == expected)
    }

    @Test("what models know passes, at the top or in params, and the rest is left out")
    func parameters() throws {
        let chat = try request(
            [
                "prompt": "Hi", "temperature": 0, "params": ["max_tokens": 5, "deadline_ms": 1500], "colour": "red",
                "provider": "p",
            ]
        )
        #expect(chat.body.keys == ["temperature", "max_tokens", "messages"])
        #expect(chat.deadline == .milliseconds(1500))
        #expect(chat.provider == "p")
        #expect(chat.model == "r")
        #expect(chat.taskType == "r")
    }

    @Test(
        "what cannot be meant is refused by name",
        arguments: [
            (["prompt": "x", "system": 7], "system"), (["messages": "x"], "messages"),
            (["messages": [[:]]], "messages"),
            ([:], "prompt"), (["system": "x"], "prompt"), (["prompt": "x", "deadline_ms": 0], "deadline_ms"),
            (["messages": []], "prompt"),
        ] as [(JSON, String)]
    )
    func refuses(parameters: JSON, name: String) {
        #expect {
            _ = try request(parameters)
        } throws: { error in
            (error as? Failure)?.code == "invalid_parameters" && "\(error)".hasPrefix(name + ":")
        }
    }
}
