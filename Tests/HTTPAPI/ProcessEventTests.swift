import Core
import Gateway
import PluginRuntime
import PraximousJSON
import Testing

@testable import HTTPAPI

@Suite("An event of a streamed answer") struct ProcessEventTests {
    private static func text(_ event: ProcessEvent) -> String {
        event.kind.rawValue + " " + String(decoding: event.members, as: UTF8.self)
    }

    @Test(
        "says what a skill emitted, in the protocol's words",
        arguments: [
            ("delta", #"{"text":"Hel"}"#, #"delta {"text":"Hel"}"#),
            ("delta", #"{"text":"Hel","type":"done"}"#, #"delta {"data":{"text":"Hel","type":"done"}}"#),
            ("delta", #"[1]"#, #"delta {"data":[1]}"#),
            ("delta", #"{}"#, #"delta {"data":{}}"#),
            ("tool_call", #"{"name":"f"}"#, #"delta {"tool":{"name":"f"}}"#),
            ("usage", #"{"input_tokens":1,"seq":9,"id":"x"}"#, #"usage {"input_tokens":1}"#),
            ("progress", #"0.5"#, #"delta {"data":0.5,"kind":"progress"}"#),
            ("done", #"{"result":1}"#, #"delta {"data":{"result":1},"kind":"done"}"#),
        ]
    )
    func skill(_ kind: String, _ json: String, _ expected: String) {
        #expect(Self.text(ProcessEvent(CallEvent(kind: kind, json: Array(json.utf8)))) == expected)
    }

    @Test(
        "says what a model's chunk brought",
        arguments: [
            (#"{"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}"#, []),
            (#"{"choices":[{"index":0,"delta":{"content":"Hel"}}]}"#, [#"delta {"text":"Hel"}"#]),
            (#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#, []),
            (#"{"choices":[],"usage":{"prompt_tokens":1}}"#, []),
            (#"{"choices":[{"delta":{"tool_calls":[{"index":0}]}}]}"#, [#"delta {"tool":[{"index":0}]}"#]),
            (
                #"{"choices":[{"delta":{"reasoning_content":"so","content":"a"}}]}"#,
                [#"delta {"data":"so","kind":"reasoning_content"}"#, #"delta {"text":"a"}"#]
            ),
            (
                #"{"choices":[{"index":1,"delta":{"content":"b"}}]}"#,
                [#"delta {"data":{"index":1,"delta":{"content":"b"}},"kind":"choice"}"#]
            ),
            ("[]", []), ("not json", []),
        ] as [(String, [String])]
    )
    func chunk(_ json: String, _ expected: [String]) {
        #expect(ProcessEvent.events(of: .chunk(Array(json.utf8))).map(Self.text) == expected)
    }

    @Test("says which provider answers, what it took and how it ended")
    func answer() {
        let routed = ChatEvent.routed(provider: "a", model: "m", attempt: 2, reason: "overloaded")
        #expect(
            ProcessEvent.events(of: routed).map(Self.text)
                == [#"route {"provider":"a","model":"m","attempt":2,"reason":"overloaded"}"#]
        )
        var answer = ChatAnswer(completion: [], provider: "a", model: "m", finishReason: "length", attempts: 2)
        #expect(ProcessEvent.usage(answer) == nil)
        answer.usage = TokenUsage(inputTokens: 3, outputTokens: 4, isEstimated: true)
        #expect(
            ProcessEvent.usage(answer).map(Self.text)
                == #"usage {"input_tokens":3,"output_tokens":4,"cached_input_tokens":0,"estimated":true}"#
        )
        #expect(
            Self.text(.done(answer, requestID: "r"))
                == #"done {"finish_reason":"length","request_id":"r","audit_id":"r","provider":"a","model":"m","attempts":2}"#
        )
    }

    @Test("asks a model with what a start says")
    func request() throws {
        let start =
            #"{"type":"start","id":"s","task_type":"summary","prompt":"hi","params":{"temperature":0},"provider":"p"}"#
        guard case .start(let message) = try ClientMessage(Array(start.utf8), SessionLimits()) else {
            Issue.record("expected a start")
            return
        }
        let request = try StreamStarter.chatRequest(message.request.get(), message.wishes).get()
        #expect(request.model == "summary")
        #expect(request.provider == "p")
        #expect(request.allowsReset && request.isStreaming)
        #expect(JSON.object(request.body) == ["temperature": 0, "messages": [["role": "user", "content": "hi"]]])
    }
}
