import Core
import PraximousJSON
import Testing

@testable import HTTPAPI

@Suite("A request in Anthropic's words") struct AnthropicRequestTests {
    private static func inner(_ text: String, betas: [String] = []) throws -> JSON {
        .object(try AnthropicRequest(try #require(try JSON.parse(text).objectValue), betas: betas).body)
    }

    /// The inner messages of these.
    private static func messages(_ text: String) throws -> JSON {
        try inner(#"{"model":"m","max_tokens":9,"messages":"# + text + "}")["messages"] ?? .null
    }

    @Test("says the same in OpenAI's")
    func settings() throws {
        let inner = try Self.inner(
            #"""
            {"model":"m","max_tokens":9,"system":"Be kind.","messages":[{"role":"user","content":"Hi"}],"stream":true,
             "temperature":0.5,"top_p":0.9,"stop_sequences":["END"],"metadata":{"user_id":"u-1"},
             "tools":[{"name":"add","description":"Adds.","input_schema":{"type":"object"}}],
             "tool_choice":{"type":"any","disable_parallel_tool_use":true}}
            """#
        )
        #expect(
            inner.text
                == #"{"model":"m","messages":[{"role":"system","content":"Be kind."},{"role":"user","content":"Hi"}],"#
                + #""max_tokens":9,"temperature":0.5,"top_p":0.9,"stop":["END"],"user":"u-1","#
                + #""tools":[{"type":"function","function":{"name":"add","description":"Adds.","#
                + #""parameters":{"type":"object"}}}],"tool_choice":"required","parallel_tool_calls":false,"stream":true}"#
        )
    }

    @Test("keeps beside them what OpenAI has no word for, as it was sent")
    func vendorMembers() throws {
        let inner = try Self.inner(
            #"""
            {"model":"m","max_tokens":9,"messages":[{"role":"user","content":"Hi"}],"top_k":5,
             "thinking":{"type":"enabled","budget_tokens":1024},"metadata":{"user_id":"u","team":"t"},
             "tools":[{"type":"web_search_20250305","name":"web_search"}]}
            """#,
            betas: ["files-api-2025-04-14"]
        )
        #expect(inner["tools"] == nil)
        #expect(
            inner["praximous"]?.text
                == #"{"anthropic":{"top_k":5,"thinking":{"type":"enabled","budget_tokens":1024},"#
                + #""metadata":{"user_id":"u","team":"t"},"tools":[{"type":"web_search_20250305","name":"web_search"}]},"#
                + #""anthropic_beta":["files-api-2025-04-14"]}"#
        )
    }

    @Test(
        "says each block in OpenAI's words",
        arguments: [
            (
                #"[{"role":"user","content":[{"type":"text","text":"Hi"}]}]"#,
                #"[{"role":"user","content":"Hi"}]"#
            ),
            (
                #"[{"role":"user","content":[{"type":"text","text":"See"},{"type":"image","source":"#
                    + #"{"type":"base64","media_type":"image/png","data":"iVBO"}}]}]"#,
                #"[{"role":"user","content":[{"type":"text","text":"See"},{"type":"image_url","image_url":"#
                    + #"{"url":"data:image/png;base64,iVBO"}}]}]"#
            ),
            (
                #"[{"role":"user","content":[{"type":"image","source":{"type":"url","url":"https://a.example/b.png"}}]}]"#,
                #"[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://a.example/b.png"}}]}]"#
            ),
            (
                #"[{"role":"user","content":"2+2?"},{"role":"assistant","content":[{"type":"text","text":"So:"},"#
                    + #"{"type":"tool_use","id":"t1","name":"add","input":{"a":2}}]},{"role":"user","content":["#
                    + #"{"type":"tool_result","tool_use_id":"t1","content":"4"},{"type":"text","text":"Thanks"}]}]"#,
                #"[{"role":"user","content":"2+2?"},{"role":"assistant","content":"So:","tool_calls":[{"id":"t1","#
                    + #""type":"function","function":{"name":"add","arguments":"{\"a\":2}"}}]},"#
                    + #"{"role":"tool","tool_call_id":"t1","content":"4"},{"role":"user","content":"Thanks"}]"#
            ),
            (
                #"[{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"now","input":{}}]}]"#,
                #"[{"role":"assistant","content":null,"tool_calls":[{"id":"t1","type":"function","#
                    + #""function":{"name":"now","arguments":"{}"}}]}]"#
            ),
        ]
    )
    func blocks(anthropic: String, openAI: String) throws {
        #expect(try Self.messages(anthropic).text == openAI)
    }

    @Test("keeps the blocks of a message verbatim where OpenAI has no word for one of them")
    func preserved() throws {
        let blocks =
            #"[{"type":"thinking","thinking":"Hm","signature":"c2ln"},{"type":"redacted_thinking","data":"eA=="},"#
            + #"{"type":"text","text":"Yes","cache_control":{"type":"ephemeral"}}]"#
        #expect(
            try Self.messages(#"[{"role":"assistant","content":"# + blocks + "}]").text
                == #"[{"role":"assistant","content":"Yes","praximous":{"anthropic":{"content":"# + blocks + "}}}]"
        )
        let result = #"{"type":"tool_result","tool_use_id":"t","content":"no","is_error":true}"#
        #expect(
            try Self.messages(#"[{"role":"user","content":["# + result + "]}]").text
                == #"[{"role":"tool","tool_call_id":"t","content":"no","praximous":{"anthropic":{"content":["#
                + result + "]}}}]"
        )
        let system = #"[{"type":"text","text":"A","cache_control":{"type":"ephemeral"}},{"type":"text","text":"B"}]"#
        let inner = try Self.inner(
            #"{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"}],"system":"# + system + "}"
        )
        #expect(inner["messages"]?.arrayValue?.first?["content"] == "A\n\nB")
        #expect(inner["messages"]?.arrayValue?.first?["praximous"]?["anthropic"]?["content"]?.text == system)
    }

    @Test("does not send on thinking that nobody signed: another vendor's model did it")
    func unsigned() throws {
        #expect(
            try Self.messages(
                #"[{"role":"assistant","content":[{"type":"thinking","thinking":"Hm","signature":""},"#
                    + #"{"type":"text","text":"Yes"}]}]"#
            ).text == #"[{"role":"assistant","content":"Yes"}]"#
        )
    }

    @Test("has the picture of a tool's result follow it")
    func pictureInResult() throws {
        let messages = try Self.messages(
            #"[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":["#
                + #"{"type":"text","text":"A cat"},{"type":"image","source":{"type":"url","url":"u"}}]}]}]"#
        )
        #expect(messages.arrayValue?.count == 2)
        #expect(messages.arrayValue?.first?["content"] == "A cat")
        #expect(messages.arrayValue?.last?["content"] == [["type": "image_url", "image_url": ["url": "u"]]])
        // A provider that gets the result as it was must not get the picture twice.
        #expect(messages.arrayValue?.last?["praximous"] == ["anthropic": ["content": []]])
    }

    @Test(
        "is refused by the first member that is wrong",
        arguments: [
            (#"{"max_tokens":1,"messages":[]}"#, "model"), (#"{"model":"m","messages":[]}"#, "max_tokens"),
            (#"{"model":"m","max_tokens":0,"messages":[]}"#, "max_tokens"),
            (#"{"model":"m","max_tokens":"1","messages":[]}"#, "max_tokens"),
            (#"{"model":"m","max_tokens":1}"#, "messages"),
            (#"{"model":"m","max_tokens":1,"messages":[]}"#, "messages"),
            (#"{"model":"m","max_tokens":1,"messages":[7]}"#, "messages[0]"),
            (#"{"model":"m","max_tokens":1,"messages":[{"content":"x"}]}"#, "messages[0].role"),
            (#"{"model":"m","max_tokens":1,"messages":[{"role":"tool","content":"x"}]}"#, "messages[0].role"),
            (#"{"model":"m","max_tokens":1,"messages":[{"role":"user"}]}"#, "messages[0].content"),
            (
                #"{"model":"m","max_tokens":1,"messages":[{"role":"user","content":[{}]}]}"#,
                "messages[0].content[0].type"
            ),
            (
                #"{"model":"m","max_tokens":1,"messages":[{"role":"user","content":[{"type":"text"}]}]}"#,
                "messages[0].content[0].text"
            ),
            (
                #"{"model":"m","max_tokens":1,"messages":[{"role":"assistant","content":[{"type":"tool_use","id":"i"}]}]}"#,
                "messages[0].content[0].name"
            ),
            (
                #"{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"}],"tools":[{"name":"a"}]}"#,
                "tools[0].input_schema"
            ),
            (
                #"{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"}],"stop_sequences":"x"}"#,
                "stop_sequences"
            ),
        ]
    )
    func refused(body: String, param: String) throws {
        let members = try #require(try JSON.parse(body).objectValue)
        let failure = #expect(throws: Failure.self) { try AnthropicRequest(members) }
        #expect(failure?.details?["param"]?.stringValue == param)
        #expect(failure?.kind == .invalid)
    }

    @Test("has its tokens estimated: four bytes of text each, four for a message")
    func count() throws {
        let members = try #require(
            try JSON.parse(#"{"model":"m","system":"Be kind.","messages":[{"role":"user","content":"Hello there"}]}"#)
                .objectValue
        )
        // 8 + 11 bytes are 5 tokens, two messages 8.
        #expect(try AnthropicTokenCount(members).inputTokens == 13)
    }
}
