import PraximousJSON
import TestSupport
import Testing

@Suite("The Ollama provider")
struct OllamaTests {
    private func open(_ request: String, config: String = "{}") throws -> (OpenCall, FakeExchange) {
        let driver = try BuiltProvider.load("ollama", config: config)
        let call = driver.chat(request)
        return (call, try #require(driver.host.exchanges.first))
    }

    private static let plain = #"{"model":"q","messages":[{"role":"user","content":"hi"}]}"#
    private static let streamed = #"{"model":"q","stream":true,"messages":[{"role":"user","content":"hi"}]}"#

    @Test("asks in Ollama's words")
    func request() throws {
        let (_, exchange) = try open(
            """
            {"model":"qwen3","messages":[{"role":"developer","content":"be brief"},
             {"role":"user","content":[{"type":"text","text":"look"},{"type":"image_url","image_url":{"url":"data:image/png;base64,QUJD"}}]},
             {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\\"a\\":1}"}}]},
             {"role":"tool","tool_call_id":"c1","content":"42"}],
             "tools":[{"type":"function","function":{"name":"f"}}],"temperature":0.5,"top_p":1,"seed":7,"stop":"END",
             "max_completion_tokens":10,"response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{"type":"object"}}}}
            """,
            config: #"{"keep_alive":"10m","options":{"num_ctx":8192,"seed":1}}"#
        )
        #expect(exchange.method == "POST")
        #expect(exchange.url == "http://127.0.0.1:11434/api/chat")
        #expect(
            exchange.json == [
                "model": "qwen3",
                "messages": [
                    ["role": "system", "content": "be brief"],
                    ["role": "user", "content": "look", "images": ["QUJD"]],
                    [
                        "role": "assistant", "content": "",
                        "tool_calls": [["function": ["name": "f", "arguments": ["a": 1]]]],
                    ],
                    ["role": "tool", "content": "42", "tool_name": "f"],
                ],
                "stream": false, "tools": [["type": "function", "function": ["name": "f"]]],
                "format": ["type": "object"],
                "keep_alive": "10m",
                "options": [
                    "num_ctx": 8192, "seed": 7, "temperature": .double(0.5), "top_p": 1, "num_predict": 10,
                    "stop": ["END"],
                ],
            ]
        )
    }

    @Test("answers as OpenAI would")
    func answer() throws {
        let (call, exchange) = try open(Self.plain)
        exchange.answer(
            200,
            ["content-type": "application/json"],
            #"{"model":"q","message":{"role":"assistant","content":"Hello","thinking":"hm"},"done":true,"done_reason":"length","prompt_eval_count":26,"eval_count":9}"#
        )
        let choice = call.result?["choices"]?.arrayValue?.first
        #expect(choice?["message"] == ["role": "assistant", "content": "Hello", "reasoning_content": "hm"])
        #expect(choice?["finish_reason"] == "length")
        #expect(call.result?["usage"] == ["prompt_tokens": 26, "completion_tokens": 9, "total_tokens": 35])
        #expect(call.result?["object"] == "chat.completion")
        #expect(call.result?["model"] == "q")
    }

    @Test("streams as OpenAI would")
    func stream() throws {
        let (call, exchange) = try open(Self.streamed)
        exchange.head(200, ["content-type": "application/x-ndjson"])
        let body =
            #"{"message":{"role":"assistant","content":"","thinking":"hm"},"done":false}"# + "\n"
            + #"{"message":{"role":"assistant","content":"Hé"},"done":false}"# + "\n\n{broken\n"
            + #"{"message":{"role":"assistant","content":"","tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]},"done":false}"#
            + "\n"
            + #"{"message":{"content":""},"done":true,"done_reason":"stop","prompt_eval_count":3,"eval_count":4}"#
            + "\n"
        for byte in body.utf8 { exchange.body([byte]) }
        exchange.end()
        let deltas = call.events.compactMap { $0["choices"]?.arrayValue?.first?["delta"] }
        #expect(
            deltas.prefix(2) == [["role": "assistant", "reasoning_content": "hm", "content": ""], ["content": "Hé"]]
        )
        let tool = deltas[2]["tool_calls"]?.arrayValue?.first
        #expect(tool?["index"] == 0)
        #expect(tool?["id"]?.stringValue?.hasPrefix("call_") == true)
        #expect(tool?["function"] == ["name": "f", "arguments": #"{"a":1}"#])
        #expect(call.events[3]["choices"]?.arrayValue?.first?["finish_reason"] == "tool_calls")
        #expect(call.events[4]["usage"] == ["prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7])
        #expect(call.result?["finish_reason"] == "tool_calls")
        #expect(call.result?["usage"] == call.events[4]["usage"])
    }

    @Test(
        "fails when the stream does",
        arguments: [
            (#"{"message":{"content":"a"},"done":false}"# + "\n", "upstream_cut"),
            (
                #"{"message":{"content":"a"},"done":false}"# + "\n"
                    + #"{"error":"llama runner process has terminated"}"# + "\n", "upstream_error"
            ),
            ("<html>\n", "upstream_cut"), ("", "upstream_cut"),
        ]
    )
    func brokenStream(body: String, code: String) throws {
        let (call, exchange) = try open(Self.streamed)
        exchange.head(200, ["content-type": "application/x-ndjson"])
        if !body.isEmpty { exchange.body(body) }
        exchange.end()
        #expect(call.failure?.code == code)
        #expect(call.record.ends == 1)
    }

    @Test(
        "fails when the answer is none",
        arguments: [
            (200, "<html>", "upstream_bad_answer"), (200, #"{"done":true}"#, "upstream_bad_answer"),
            (200, #"{"message":{"content":"a"},"done":false}"#, "upstream_cut"),
            (200, #"{"error":"boom"}"#, "upstream_error"),
            (404, #"{"error":"model \"q\" not found"}"#, "model_not_found"),
            (400, #"{"error":"\"q\" does not support tools"}"#, "invalid_request"),
            (503, #"{"error":"server busy"}"#, "overloaded"),
        ] as [(Int32, String, String)]
    )
    func badAnswer(status: Int32, body: String, code: String) throws {
        let (call, exchange) = try open(Self.plain)
        exchange.answer(status, [:], body)
        #expect(call.failure?.code == code)
    }

    @Test(
        "guesses tokens when they are not counted, or counted as no request can have them",
        arguments: [
            "", #","eval_count":-2"#, #","eval_count":2,"prompt_eval_count":"15""#, #","eval_count":10000001"#,
        ]
    )
    func estimated(counts: String) throws {
        let (call, exchange) = try open(Self.plain)
        exchange.answer(200, [:], #"{"message":{"content":"12345678"},"done":true\#(counts)}"#)
        #expect(
            call.result?["usage"]
                == ["prompt_tokens": 15, "completion_tokens": 2, "total_tokens": 17, "estimated": true]
        )
    }

    @Test("embeds, lists models and tells its health")
    func others() throws {
        let driver = try BuiltProvider.load("ollama", config: #"{"base_url":"http://box:1"}"#, key: "k")
        let call = driver.embed(["a", "b"], model: "e")
        let exchange = try #require(driver.host.exchanges.first)
        #expect(exchange.url == "http://box:1/api/embed")
        #expect(exchange.headers["Authorization"] == "Bearer k")
        #expect(exchange.json == ["model": "e", "input": ["a", "b"]])
        exchange.answer(200, [:], #"{"embeddings":[[1,0.5],[0,-1]],"prompt_eval_count":4}"#)
        #expect(call.record.vectors == [[1, 0.5], [0, -1]])
        #expect(call.result == ["model": "e", "usage": ["prompt_tokens": 4, "total_tokens": 4]])
        let torn = driver.embed(["a", "b"], model: "e")
        driver.host.exchanges.last?.answer(200, [:], #"{"embeddings":[[1,0.5]]}"#)
        #expect(torn.failure?.code == "upstream_bad_answer")

        let models = driver.models()
        #expect(driver.host.exchanges.last?.url == "http://box:1/api/tags")
        driver.host.exchanges.last?.answer(
            200,
            [:],
            #"{"models":[{"name":"a:latest","model":"a:latest"},{"name":"b"}]}"#
        )
        #expect(models.result == ["models": [["id": "a:latest"], ["id": "b"]]])
        let health = driver.health()
        #expect(driver.host.exchanges.last?.url == "http://box:1/api/version")
        driver.host.exchanges.last?.answer(200, [:], "{}")
        #expect(health.result?["status"] == "ok")
    }
}
