import PraximousJSON
import TestSupport
import Testing

@Suite("An answer of the Anthropic provider")
struct AnthropicAnswerTests {
    private func open(
        _ members: String = "",
        config: String = "{}"
    ) throws -> (OpenCall, FakeExchange) {
        let driver = try BuiltProvider.load("anthropic", config: config)
        let call = driver.chat(#"{"model":"c","messages":[{"role":"user","content":"hi"}]"# + members + "}")
        return (call, try #require(driver.host.exchanges.first))
    }

    private func stream(_ events: String..., members: String = "", config: String = "{}") throws -> (
        OpenCall, FakeExchange
    ) {
        let (call, exchange) = try open(#","stream":true"# + members, config: config)
        exchange.head(200, ["content-type": "text/event-stream", "request-id": "req_1"])
        for event in events { exchange.body("event: x\ndata: \(event)\n\n") }
        return (call, exchange)
    }

    private static let start =
        #"{"type":"message_start","message":{"id":"msg_1","model":"claude-x","usage":{"input_tokens":10,"cache_read_input_tokens":4,"cache_creation_input_tokens":1,"output_tokens":1}}}"#
    private static let stop =
        #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":7}}"#
    private static let done = #"{"type":"message_stop"}"#

    private func deltas(_ call: OpenCall) -> [JSON] {
        call.events.compactMap { $0["choices"]?.arrayValue?.first?["delta"] }
    }

    @Test("is a completion with its tools, thoughts and counts")
    func whole() throws {
        let (call, exchange) = try open()
        exchange.answer(
            200,
            ["request-id": "req_1"],
            """
            {"id":"msg_1","type":"message","model":"claude-x","content":[{"type":"thinking","thinking":"hm","signature":"s"},
             {"type":"text","text":"Hel"},{"type":"text","text":"lo"},{"type":"tool_use","id":"t1","name":"f","input":{"a":1}}],
             "stop_reason":"tool_use","usage":{"input_tokens":10,"cache_read_input_tokens":4,"output_tokens":7}}
            """
        )
        #expect(call.result?["x_request_id"] == "req_1")
        #expect(call.result?["id"] == "msg_1")
        #expect(call.result?["model"] == "claude-x")
        let choice = call.result?["choices"]?.arrayValue?.first
        #expect(choice?["finish_reason"] == "tool_calls")
        #expect(choice?["message"]?["content"] == "Hello")
        #expect(choice?["message"]?["reasoning_content"] == "hm")
        #expect(
            choice?["message"]?["tool_calls"]
                == [["id": "t1", "type": "function", "function": ["name": "f", "arguments": #"{"a":1}"#]]]
        )
        #expect(choice?["message"]?["praximous"]?["anthropic"]?["content"]?.arrayValue?.count == 4)
        #expect(
            call.result?["usage"] == [
                "prompt_tokens": 14, "completion_tokens": 7, "total_tokens": 21,
                "prompt_tokens_details": ["cached_tokens": 4],
            ]
        )
    }

    @Test(
        "says why it stopped in OpenAI's words",
        arguments: [
            ("end_turn", "stop"), ("stop_sequence", "stop"), ("max_tokens", "length"), ("refusal", "content_filter"),
            ("model_context_window_exceeded", "length"), ("pause_turn", "stop"), ("new_reason", "stop"),
        ]
    )
    func stopReasons(reason: String, expected: String) throws {
        let (call, exchange) = try open()
        exchange.answer(200, [:], #"{"content":[{"type":"text","text":"x"}],"stop_reason":"\#(reason)"}"#)
        let choice = call.result?["choices"]?.arrayValue?.first
        #expect(choice?["finish_reason"] == .string(expected))
        #expect(choice?["message"]?["content"] == "x")
        let isPlain = ["end_turn", "max_tokens", "refusal"].contains(reason)
        #expect((choice?["message"]?["praximous"] == nil) == isPlain)
        #expect(call.result?["usage"]?["estimated"] == true)
    }

    @Test(
        "counts no tokens that no request can have",
        arguments: [
            #"{"input_tokens":-1,"output_tokens":2}"#, #"{"input_tokens":1,"output_tokens":"2"}"#,
            #"{"input_tokens":1,"output_tokens":2,"cache_creation_input_tokens":10000001}"#,
        ]
    )
    func nonsense(usage: String) throws {
        let (call, exchange) = try open()
        let content = #""content":[{"type":"text","text":"x"}],"stop_reason":"end_turn""#
        exchange.answer(200, [:], #"{\#(content),"usage":\#(usage)}"#)
        #expect(call.result?["usage"]?["estimated"] == true)
        #expect(call.result?["praximous"] == nil)
    }

    @Test(
        "is none when it is not a message",
        arguments: ["<html>", "", "[]", "{}", #"{"content":[]}"#, #"{"content":[1],"x":NaN}"#]
    )
    func badAnswers(body: String) throws {
        let (call, exchange) = try open()
        exchange.answer(200, ["content-type": "text/html"], body)
        #expect(call.failure?.code == "upstream_bad_answer")
    }

    @Test(
        "fails by the table",
        arguments: [
            (529, #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#, "overloaded"),
            (
                400,
                #"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 250000 tokens > 200000 maximum"}}"#,
                "context_length_exceeded"
            ),
            (
                400,
                #"{"type":"error","error":{"type":"invalid_request_error","message":"This model does not support assistant message prefill. The conversation must end with a user message."}}"#,
                "prefill_refused"
            ),
            (404, #"{"type":"error","error":{"type":"not_found_error","message":"model: x"}}"#, "model_not_found"),
            (
                401, #"{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}"#,
                "upstream_auth"
            ),
        ] as [(Int32, String, String)]
    )
    func failures(status: Int32, body: String, code: String) throws {
        let (call, exchange) = try open()
        exchange.answer(status, ["request-id": "req_9"], body)
        #expect(call.failure?.code == code)
        #expect(call.failure?.details?["x_request_id"] == "req_9")
    }

    @Test("streams text, and counts at the end")
    func textStream() throws {
        let (call, exchange) = try stream(
            Self.start,
            #"{"type":"ping"}"#,
            #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hé"}}"#,
            #"{"type":"content_block_stop","index":0}"#,
            Self.stop,
            Self.done
        )
        exchange.end()
        #expect(Array(deltas(call).prefix(2)) == [["role": "assistant", "content": ""], ["content": "Hé"]])
        #expect(call.events[0]["id"] == "msg_1")
        #expect(call.events[0]["model"] == "claude-x")
        #expect(call.events[2]["choices"]?.arrayValue?.first?["finish_reason"] == "stop")
        let usage: JSON = [
            "prompt_tokens": 15, "completion_tokens": 7, "total_tokens": 22,
            "prompt_tokens_details": ["cached_tokens": 4],
        ]
        #expect(call.events[3]["usage"] == usage)
        #expect(
            call.result
                == [
                    "id": "msg_1", "model": "claude-x", "finish_reason": "stop", "usage": usage,
                    "x_request_id": "req_1",
                ]
        )
    }

    @Test("streams calls of tools, also those without arguments")
    func toolStream() throws {
        let (call, exchange) = try stream(
            Self.start,
            #"{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t1","name":"f","input":{}}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":""}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"a\":"}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"1}"}}"#,
            #"{"type":"content_block_stop","index":0}"#,
            #"{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t2","name":"g","input":{}}}"#,
            #"{"type":"content_block_stop","index":1}"#,
            #"{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":7}}"#,
            Self.done
        )
        exchange.end()
        #expect(
            deltas(call).dropFirst().compactMap { $0["tool_calls"]?.arrayValue?.first } == [
                ["id": "t1", "type": "function", "function": ["name": "f", "arguments": ""], "index": 0],
                ["index": 0, "function": ["arguments": #"{"a":"#]], ["index": 0, "function": ["arguments": "1}"]],
                ["id": "t2", "type": "function", "function": ["name": "g", "arguments": ""], "index": 1],
                ["index": 1, "function": ["arguments": "{}"]],
            ]
        )
        #expect(call.result?["finish_reason"] == "tool_calls")
    }

    @Test("streams thoughts with their signatures, as they came")
    func thinkingStream() throws {
        let events: [String] = [
            #"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2ln"}}"#,
            #"{"type":"content_block_stop","index":0}"#,
        ]
        let (call, exchange) = try stream(Self.start, events[0], events[1], events[2], events[3], Self.stop, Self.done)
        exchange.end()
        #expect(
            Array(deltas(call)[1...2]) == [
                ["reasoning_content": "hm"],
                ["praximous": ["anthropic": ["type": "thinking", "thinking": "hm", "signature": "c2ln"]]],
            ]
        )
    }

    @Test("streams the blocks of Anthropic's own tools whole")
    func ownToolStream() throws {
        let (call, exchange) = try stream(
            Self.start,
            #"{"type":"content_block_start","index":0,"content_block":{"type":"server_tool_use","id":"s1","name":"web_search","input":{}}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"q\":"}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"1}"}}"#,
            #"{"type":"content_block_stop","index":0}"#,
            #"{"type":"content_block_delta","index":1,"delta":{"type":"citations_delta","citation":{"x":1}}}"#,
            #"{"type":"message_delta","delta":{"stop_reason":"stop_sequence","stop_sequence":"END"},"usage":{"output_tokens":7}}"#,
            Self.done
        )
        exchange.end()
        #expect(
            deltas(call).dropFirst().map { $0["praximous"]?["anthropic"] } == [
                ["type": "server_tool_use", "id": "s1", "name": "web_search", "input": ["q": 1]],
                ["type": "citations_delta", "citation": ["x": 1]],
                [
                    "stop_reason": "stop_sequence", "stop_sequence": "END",
                    "usage": [
                        "input_tokens": 10, "cache_read_input_tokens": 4, "cache_creation_input_tokens": 1,
                        "output_tokens": 7,
                    ],
                ],
            ]
        )
    }

    @Test("streams the tool that stands in for a schema as text")
    func schemaStream() throws {
        let (call, exchange) = try stream(
            Self.start,
            #"{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t1","name":"json_output","input":{}}}"#,
            #"{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"a\":1}"}}"#,
            #"{"type":"content_block_stop","index":0}"#,
            #"{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":7}}"#,
            Self.done,
            members: #","response_format":{"type":"json_schema","json_schema":{"schema":{"type":"object"}}}"#,
            config: #"{"structured_output":"tool"}"#
        )
        exchange.end()
        #expect(Array(deltas(call).prefix(2)) == [["role": "assistant", "content": ""], ["content": #"{"a":1}"#]])
        #expect(call.result?["finish_reason"] == "stop")
    }

    @Test(
        "that breaks off is an error, never an answer",
        arguments: [
            (#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#, "overloaded"),
            (#"{"type":"error","error":{"type":"api_error","message":"boom"}}"#, "upstream_error"),
            (#"{"type":"error"}"#, "upstream_cut"), ("{broken", "upstream_cut"), ("NaN", "upstream_cut"),
        ]
    )
    func broken(event: String, code: String) throws {
        let (call, exchange) = try stream(Self.start, event)
        exchange.end()
        #expect(call.failure?.code == code)
        #expect(call.record.ends == 1)
    }

    @Test("lists the models that there are")
    func models() throws {
        let driver = try BuiltProvider.load("anthropic")
        let call = driver.models()
        #expect(driver.host.exchanges.first?.url == "https://api.anthropic.com/v1/models?limit=1000")
        driver.host.exchanges.first?.answer(200, [:], #"{"data":[{"id":"claude-x","type":"model"}]}"#)
        #expect(call.result == ["models": [["id": "claude-x"]]])
    }
}
