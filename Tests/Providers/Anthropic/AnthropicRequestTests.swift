import PraximousJSON
import TestSupport
import Testing

@Suite("What the Anthropic provider asks")
struct AnthropicRequestTests {
    private func asked(_ request: String, config: String = "{}") throws -> FakeExchange {
        let driver = try BuiltProvider.load("anthropic", config: config, key: "sk-ant")
        #expect(driver.chat(request).returned == 1)
        return try #require(driver.host.exchanges.first)
    }

    private func asked(with members: String, config: String = "{}") throws -> JSON? {
        try asked(#"{"model":"c","messages":[{"role":"user","content":"hi"}],"# + members + "}", config: config).json
    }

    @Test("is a message in Anthropic's words")
    func request() throws {
        let exchange = try asked(
            """
            {"model":"claude","messages":[
             {"role":"system","content":[{"type":"text","text":"be brief","cache_control":{"type":"ephemeral"}}]},
             {"role":"user","content":[{"type":"text","text":"look"},
               {"type":"image_url","image_url":{"url":"data:image/png;base64,QUJD"}},
               {"type":"image_url","image_url":{"url":"https://a/b.png"}}]},
             {"role":"assistant","content":"","tool_calls":[{"id":"t1","type":"function","function":{"name":"f","arguments":"{\\"a\\":1}"}},
               {"id":"t2","type":"function","function":{"name":"g","arguments":"broken"}}]},
             {"role":"tool","tool_call_id":"t1","content":"42"},{"role":"tool","tool_call_id":"t2","content":"43"},
             {"role":"user","content":"and?"}],
             "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"}}},{"type":"web_search_20250305","name":"web_search"}],
             "tool_choice":"required","parallel_tool_calls":false,"temperature":1.5,"top_p":1,"stop":["X"],"user":"u-1","max_tokens":9}
            """
        )
        #expect(exchange.url == "https://api.anthropic.com/v1/messages")
        #expect(
            exchange.headers == [
                "anthropic-version": "2023-06-01", "x-api-key": "sk-ant", "Content-Type": "application/json",
            ]
        )
        #expect(
            exchange.json == [
                "model": "claude", "max_tokens": 9,
                "messages": [
                    [
                        "role": "user",
                        "content": [
                            ["type": "text", "text": "look"],
                            [
                                "type": "image",
                                "source": ["type": "base64", "media_type": "image/png", "data": "QUJD"],
                            ],
                            ["type": "image", "source": ["type": "url", "url": "https://a/b.png"]],
                        ],
                    ],
                    [
                        "role": "assistant",
                        "content": [
                            ["type": "tool_use", "id": "t1", "name": "f", "input": ["a": 1]],
                            ["type": "tool_use", "id": "t2", "name": "g", "input": [:]],
                        ],
                    ],
                    [
                        "role": "user",
                        "content": [
                            ["type": "tool_result", "tool_use_id": "t1", "content": "42"],
                            ["type": "tool_result", "tool_use_id": "t2", "content": "43"],
                            ["type": "text", "text": "and?"],
                        ],
                    ],
                ],
                "system": [["type": "text", "text": "be brief", "cache_control": ["type": "ephemeral"]]],
                "temperature": 1, "top_p": 1, "stop_sequences": ["X"], "metadata": ["user_id": "u-1"],
                "tools": [
                    ["name": "f", "input_schema": ["type": "object"], "description": "d"],
                    ["type": "web_search_20250305", "name": "web_search"],
                ],
                "tool_choice": ["type": "any", "disable_parallel_tool_use": true],
            ]
        )
    }

    @Test("brings thinking back as it came, signatures and all")
    func thinkingBack() throws {
        let blocks: JSON = [
            ["type": "thinking", "thinking": "hm", "signature": "c2ln"], ["type": "redacted_thinking", "data": "x"],
            ["type": "tool_use", "id": "t1", "name": "f", "input": ["a": 1]],
        ]
        let request: JSON = [
            "model": "c",
            "messages": [
                ["role": "user", "content": "hi"],
                [
                    "role": "assistant", "content": .null, "reasoning_content": "hm", "tool_calls": [],
                    "praximous": ["anthropic": ["content": blocks]],
                ],
                ["role": "tool", "tool_call_id": "t1", "content": "42"],
            ],
        ]
        let messages = try asked(request.text).json?["messages"]?.arrayValue
        #expect(messages?[1] == ["role": "assistant", "content": blocks])
        let single: JSON = [
            "model": "c",
            "messages": [
                [
                    "role": "assistant", "content": "so",
                    "praximous": ["anthropic": ["type": "thinking", "thinking": "hm", "signature": "c2ln"]],
                ]
            ],
        ]
        #expect(
            try asked(single.text).json?["messages"] == [
                [
                    "role": "assistant",
                    "content": [
                        ["type": "thinking", "thinking": "hm", "signature": "c2ln"], ["type": "text", "text": "so"],
                    ],
                ]
            ]
        )
    }

    @Test("asks for a schema as the entry says")
    func schema() throws {
        let format = #""response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"}}}"#
        #expect(
            try asked(with: format)?["output_config"] == [
                "format": ["type": "json_schema", "schema": ["type": "object"]]
            ]
        )
        let tool = try asked(with: format, config: #"{"structured_output":"tool"}"#)
        #expect(tool?["tool_choice"] == ["type": "tool", "name": "json_output"])
        #expect(tool?["tools"]?.arrayValue?.first?["input_schema"] == ["type": "object"])
        #expect(
            try asked(with: #""response_format":{"type":"json_object"}"#)?["system"]
                == [["type": "text", "text": "Answer with one JSON object and nothing else."]]
        )
    }

    @Test("thinks as it is asked to")
    func thinking() throws {
        let adaptive = try asked(with: #""reasoning_effort":"high","temperature":0"#)
        #expect(adaptive?["thinking"] == ["type": "adaptive"])
        #expect(adaptive?["output_config"] == ["effort": "high"])
        #expect(adaptive?["temperature"] == nil)
        let budget = try asked(with: #""reasoning_effort":"low""#, config: #"{"thinking":"budget"}"#)
        #expect(budget?["thinking"] == ["type": "enabled", "budget_tokens": 2048])
        #expect(budget?["max_tokens"] == 4096)
        let own = try asked(with: #""thinking":{"type":"enabled","budget_tokens":5000},"max_tokens":6000"#)
        #expect(own?["thinking"] == ["type": "enabled", "budget_tokens": 5000])
        #expect(try asked(with: #""reasoning_effort":"none""#)?["thinking"] == nil)
    }

    @Test("takes over what was said in Anthropic's own words, and the entry's settings")
    func extras() throws {
        let body = try asked(
            with:
                #""stream":true,"service_tier":"priority","praximous":{"anthropic":{"top_k":5,"betas":["x"],"context_management":{}}}"#,
            config: #"{"max_tokens":77}"#
        )
        #expect(body?["top_k"] == 5)
        #expect(body?["context_management"] == [:])
        #expect(body?["praximous"] == nil)
        #expect(body?["betas"] == nil)
        #expect(body?["service_tier"] == nil)
        #expect(body?["max_tokens"] == 77)
        #expect(body?["stream"] == true)
        let exchange = try asked(
            #"{"model":"c","messages":[{"role":"user","content":"x"}],"praximous":{"anthropic":{"betas":["b-2"]}}}"#,
            config: #"{"base_url":"https://proxy/anthropic/v1","beta":"b-1","anthropic_version":"2024-01-01"}"#
        )
        #expect(exchange.url == "https://proxy/anthropic/v1/messages")
        #expect(exchange.headers["anthropic-beta"] == "b-1,b-2")
        #expect(exchange.headers["anthropic-version"] == "2024-01-01")
    }

    @Test("is not two answers at once")
    func several() throws {
        let driver = try BuiltProvider.load("anthropic")
        #expect(driver.chat(#"{"model":"c","n":2,"messages":[{"role":"user"}]}"#).failure?.code == "invalid_request")
        #expect(driver.embed(["a"], model: "c").failure?.code == "no_embeddings")
    }
}
