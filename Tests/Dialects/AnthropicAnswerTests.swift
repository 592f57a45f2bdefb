import Core
import Gateway
import NIOCore
import PraximousJSON
import Testing

@testable import HTTPAPI

@Suite("An answer in Anthropic's words") struct AnthropicAnswerTests {
    private static func message(_ completion: String, wantsThinking: Bool = false) throws -> String {
        let answer = ChatAnswer(completion: Array(completion.utf8), provider: "p", model: "m")
        return try AnthropicMessage(answer, model: "asked", wantsThinking: wantsThinking).json.text
    }

    private static func completion(_ message: String, _ finish: String = "stop") -> String {
        #"{"id":"c-1","model":"m","choices":[{"message":"# + message + #","finish_reason":""# + finish
            + #""}],"usage":{"prompt_tokens":10,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":4}}}"#
    }

    private static func expected(_ content: String, _ reason: String = "end_turn") -> String {
        #"{"id":"msg_c-1","type":"message","role":"assistant","model":"m","content":"# + content
            + #","stop_reason":""# + reason + #"","stop_sequence":null,"usage":{"input_tokens":6,"output_tokens":2,"#
            + #""cache_read_input_tokens":4,"cache_creation_input_tokens":0}}"#
    }

    @Test(
        "holds what the model said, called and thought",
        arguments: [
            (#"{"content":"Hello"}"#, "stop", #"[{"type":"text","text":"Hello"}]"#, "end_turn"),
            (#"{"content":"Hel"}"#, "length", #"[{"type":"text","text":"Hel"}]"#, "max_tokens"),
            (#"{"content":null,"refusal":"No."}"#, "content_filter", #"[{"type":"text","text":"No."}]"#, "refusal"),
            (#"{"content":"Hi","reasoning_content":"Hm"}"#, "stop", #"[{"type":"text","text":"Hi"}]"#, "end_turn"),
            (
                #"{"content":null,"tool_calls":[{"id":"t1","type":"function","function":{"name":"add","#
                    + #""arguments":"{\"a\":2}"}},{"id":"t2","function":{"name":"now","arguments":""}},"#
                    + #"{"function":{"name":"bad","arguments":"{"}}]}"#,
                "tool_calls",
                #"[{"type":"tool_use","id":"t1","name":"add","input":{"a":2}},"#
                    + #"{"type":"tool_use","id":"t2","name":"now","input":{}},"#
                    + #"{"type":"tool_use","id":"toolu_2","name":"bad","input":{"INVALID_JSON":"{"}}]"#,
                "tool_use"
            ),
        ]
    )
    func content(message: String, finish: String, content: String, reason: String) throws {
        #expect(try Self.message(Self.completion(message, finish)) == Self.expected(content, reason))
    }

    @Test("holds thinking for those who asked for it")
    func thinking() throws {
        #expect(
            try Self.message(Self.completion(#"{"content":"Hi","reasoning_content":"Hm"}"#), wantsThinking: true)
                == Self.expected(
                    #"[{"type":"thinking","thinking":"Hm","signature":""},{"type":"text","text":"Hi"}]"#
                )
        )
    }

    @Test("of a provider that speaks them is its own blocks, verbatim")
    func verbatim() throws {
        let blocks =
            #"[{"type":"thinking","thinking":"Hm","signature":"c2ln"},{"type":"text","text":"Hi","citations":[]}]"#
        #expect(
            try Self.message(
                Self.completion(
                    #"{"content":"Hi","praximous":{"anthropic":{"content":"# + blocks
                        + #","stop_reason":"stop_sequence","stop_sequence":"END"}}}"#
                )
            )
                == Self.expected(blocks, "stop_sequence")
                .replacing(#""stop_sequence":null"#, with: #""stop_sequence":"END""#)
        )
    }

    @Test("that is no completion is an upstream's failure", arguments: ["", "[]", "{}", #"{"choices":[]}"#, "<html>"])
    func bad(completion: String) {
        let failure = #expect(throws: Failure.self) { try Self.message(completion) }
        #expect(failure?.code == "upstream_bad_answer")
    }

    private static func events(_ chunks: [String], wantsThinking: Bool = false) -> [String] {
        var writer = AnthropicStreamWriter(requestID: "r", model: "asked", wantsThinking: wantsThinking)
        var buffer = ByteBuffer()
        for chunk in chunks { writer.write(chunk: Array(chunk.utf8), to: &buffer) }
        writer.write(end: ChatAnswer(completion: [], provider: "p", model: "m"), to: &buffer)
        return String(buffer: buffer).split(separator: "\n\n").map(String.init)
    }

    private static func chunk(_ delta: String, _ finish: String = "null") -> String {
        #"{"id":"c-1","model":"m","choices":[{"index":0,"delta":"# + delta + #","finish_reason":"# + finish + "}]}"
    }

    private static let start =
        "event: message_start\n"
        + #"data: {"type":"message_start","message":{"id":"msg_c-1","type":"message","role":"assistant","model":"m","#
        + #""content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":0,"output_tokens":0,"#
        + #""cache_read_input_tokens":0,"cache_creation_input_tokens":0}}}"#

    private static func begun(_ index: Int, _ block: String) -> String {
        "event: content_block_start\n"
            + #"data: {"type":"content_block_start","index":\#(index),"content_block":"# + block + "}"
    }

    private static func delta(_ index: Int, _ delta: String) -> String {
        "event: content_block_delta\n"
            + #"data: {"type":"content_block_delta","index":\#(index),"delta":"# + delta + "}"
    }

    private static func ended(_ index: Int) -> String {
        "event: content_block_stop\n" + #"data: {"type":"content_block_stop","index":\#(index)}"#
    }

    private static func end(_ reason: String, _ input: Int = 0, _ output: Int = 0) -> [String] {
        [
            "event: message_delta\n"
                + #"data: {"type":"message_delta","delta":{"stop_reason":""# + reason
                + #"","stop_sequence":null},"usage":{"input_tokens":\#(input),"output_tokens":\#(output),"#
                + #""cache_read_input_tokens":0,"cache_creation_input_tokens":0}}"#,
            "event: message_stop\n" + #"data: {"type":"message_stop"}"#,
        ]
    }

    @Test("is streamed as blocks of text and of calls, one after the other")
    func stream() {
        let events = Self.events([
            Self.chunk(#"{"role":"assistant","content":""}"#), Self.chunk(#"{"content":"So"}"#),
            Self.chunk(#"{"content":":"}"#),
            Self.chunk(#"{"tool_calls":[{"index":0,"id":"t1","function":{"name":"add","arguments":""}}]}"#),
            Self.chunk(#"{"tool_calls":[{"index":0,"function":{"arguments":"{\"a\""}}]}"#),
            Self.chunk(#"{"tool_calls":[{"index":0,"function":{"arguments":":2}"}}]}"#),
            // Numbered 0 as well: its id tells it apart.
            Self.chunk(#"{"tool_calls":[{"index":0,"id":"t2","function":{"name":"now","arguments":"{}"}}]}"#),
            Self.chunk("{}", #""tool_calls""#),
            #"{"id":"c-1","model":"m","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":6}}"#,
        ])
        #expect(
            events == [
                Self.start, Self.begun(0, #"{"type":"text","text":""}"#),
                Self.delta(0, #"{"type":"text_delta","text":"So"}"#),
                Self.delta(0, #"{"type":"text_delta","text":":"}"#),
                Self.ended(0), Self.begun(1, #"{"type":"tool_use","id":"t1","name":"add","input":{}}"#),
                Self.delta(1, #"{"type":"input_json_delta","partial_json":"{\"a\""}"#),
                Self.delta(1, #"{"type":"input_json_delta","partial_json":":2}"}"#), Self.ended(1),
                Self.begun(2, #"{"type":"tool_use","id":"t2","name":"now","input":{}}"#),
                Self.delta(2, #"{"type":"input_json_delta","partial_json":"{}"}"#), Self.ended(2),
            ] + Self.end("tool_use", 5, 6)
        )
    }

    /// A chunk that brings an event of Anthropic's own.
    private static func own(_ event: String, beside members: String = "") -> String {
        chunk("{" + members + #""praximous":{"anthropic":"# + event + "}}")
    }

    @Test("is streamed with the thinking of another vendor's model, which nobody signs")
    func foreignThinking() {
        let chunks = [
            Self.chunk(#"{"reasoning_content":"H"}"#), Self.chunk(#"{"reasoning":"m"}"#),
            Self.chunk(#"{"content":"Yes"}"#, #""stop""#),
        ]
        #expect(
            Self.events(chunks, wantsThinking: true) == [
                Self.start, Self.begun(0, #"{"type":"thinking","thinking":"","signature":""}"#),
                Self.delta(0, #"{"type":"thinking_delta","thinking":"H"}"#),
                Self.delta(0, #"{"type":"thinking_delta","thinking":"m"}"#), Self.ended(0),
                Self.begun(1, #"{"type":"text","text":""}"#),
                Self.delta(1, #"{"type":"text_delta","text":"Yes"}"#), Self.ended(1),
            ] + Self.end("end_turn")
        )
    }

    @Test("is streamed with its thinking and the vendor's signature to those who asked for it")
    func streamedThinking() {
        let chunks = [
            Self.own(
                #"{"type":"content_block_start","index":0,"content_block":"#
                    + #"{"type":"thinking","thinking":"","signature":""}}"#
            ),
            Self.own(
                #"{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm"}}"#,
                beside: #""reasoning_content":"Hm","#
            ),
            Self.own(
                #"{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2ln"}}"#
            ),
            Self.own(#"{"type":"content_block_stop","index":0}"#),
            Self.own(#"{"type":"redacted_thinking","data":"eA=="}"#),
            Self.chunk(#"{"content":"Yes"}"#, #""stop""#),
        ]
        let text = [
            Self.delta(0, #"{"type":"text_delta","text":"Yes"}"#), Self.ended(0),
        ]
        #expect(
            Self.events(chunks, wantsThinking: true) == [
                Self.start, Self.begun(0, #"{"type":"thinking","thinking":"","signature":""}"#),
                Self.delta(0, #"{"type":"thinking_delta","thinking":"Hm"}"#),
                Self.delta(0, #"{"type":"signature_delta","signature":"c2ln"}"#), Self.ended(0),
                Self.begun(1, #"{"type":"redacted_thinking","data":"eA=="}"#), Self.ended(1),
                Self.begun(2, #"{"type":"text","text":""}"#),
                Self.delta(2, #"{"type":"text_delta","text":"Yes"}"#), Self.ended(2),
            ] + Self.end("end_turn")
        )
        #expect(
            Self.events(chunks) == [Self.start, Self.begun(0, #"{"type":"text","text":""}"#)] + text
                + Self.end("end_turn")
        )
    }

    @Test(
        "is never upset by what a provider's chunk holds",
        arguments: [
            "", "nonsense", "[]", "null", "{}", #"{"choices":7}"#, #"{"choices":[7]}"#, #"{"choices":[{"delta":7}]}"#,
            #"{"choices":[{"delta":{"content":7,"tool_calls":7,"refusal":{}}}]}"#,
            #"{"choices":[{"delta":{"tool_calls":[7,{"index":"x","id":7,"function":7}]}}]}"#,
            #"{"choices":[{"delta":{"praximous":{"anthropic":[7,null,{"type":7}]}}}],"usage":{"prompt_tokens":-9}}"#,
            #"{"choices":[{"index":1,"delta":{"content":"another choice"}}]}"#,
            #"{"usage":{"prompt_tokens":-9223372036854775808,"prompt_tokens_details":{"cached_tokens":9223372036854775807}}}"#,
        ]
    )
    func hostile(chunk: String) {
        let events = Self.events([chunk], wantsThinking: true)
        #expect(events.first?.hasPrefix("event: message_start\n") == true)
        #expect(events.last == "event: message_stop\n" + #"data: {"type":"message_stop"}"#)
        #expect(!events.joined().contains("another choice"))
    }

    @Test("that fails on the way ends with an error of the kind its status has")
    func failure() {
        var writer = AnthropicStreamWriter(requestID: "r", model: "m", wantsThinking: false)
        var buffer = ByteBuffer()
        writer.write(failure: Failure(.unavailable, code: "overloaded", message: "Too many."), to: &buffer)
        #expect(
            String(buffer: buffer)
                == "event: error\ndata: "
                + #"{"type":"error","error":{"type":"overloaded_error","message":"Too many."},"request_id":"r"}"#
                + "\n\n"
        )
    }
}
