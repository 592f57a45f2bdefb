import PraximousJSON
import TestSupport
import Testing

@Suite("The Gemini provider")
struct GeminiTests {
    private func open(_ request: String, config: String = "{}") throws -> (OpenCall, FakeExchange) {
        let driver = try BuiltProvider.load("gemini", config: config, key: "AIza")
        let call = driver.chat(request)
        return (call, try #require(driver.host.exchanges.first))
    }

    private static let plain = #"{"model":"gemini-x","messages":[{"role":"user","content":"hi"}]}"#
    private static let streamed = #"{"model":"gemini-x","stream":true,"messages":[{"role":"user","content":"hi"}]}"#

    @Test("asks in Gemini's words")
    func request() throws {
        let (_, exchange) = try open(
            """
            {"model":"gemini-x","messages":[{"role":"system","content":"be brief"},
             {"role":"user","content":[{"type":"text","text":"look"},{"type":"image_url","image_url":{"url":"data:image/png;base64,QUJD"}}]},
             {"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\\"a\\":1}"}}]},
             {"role":"tool","tool_call_id":"c1","content":"42"},{"role":"user","content":"and?"}],
             "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","additionalProperties":false,
               "properties":{"a":{"type":["integer","null"],"$comment":"x"},"b":{"$ref":"#/$defs/b"}},"$defs":{"b":{"const":"z"}}}}},
               {"type":"function","function":{"name":"g","parameters":{"type":"object","properties":{}}}}],
             "tool_choice":{"type":"function","function":{"name":"f"}},"temperature":0,"top_p":1,"seed":7,"stop":"END","max_tokens":10,
             "response_format":{"type":"json_schema","json_schema":{"schema":{"type":"object","properties":{"x":{"type":"string"}}}}}}
            """,
            config: #"{"safety_settings":[{"category":"c","threshold":"t"}]}"#
        )
        #expect(exchange.url == "https://generativelanguage.googleapis.com/v1beta/models/gemini-x:generateContent")
        #expect(exchange.headers == ["x-goog-api-key": "AIza", "Content-Type": "application/json"])
        #expect(
            exchange.json == [
                "contents": [
                    [
                        "role": "user",
                        "parts": [["text": "look"], ["inlineData": ["mimeType": "image/png", "data": "QUJD"]]],
                    ],
                    ["role": "model", "parts": [["functionCall": ["name": "f", "args": ["a": 1]]]]],
                    [
                        "role": "user",
                        "parts": [
                            ["functionResponse": ["name": "f", "response": ["result": "42"]]], ["text": "and?"],
                        ],
                    ],
                ],
                "systemInstruction": ["parts": [["text": "be brief"]]],
                "tools": [
                    [
                        "functionDeclarations": [
                            [
                                "name": "f",
                                "parameters": [
                                    "type": "object",
                                    "properties": ["a": ["nullable": true, "type": "integer"], "b": ["enum": ["z"]]],
                                ],
                            ], ["name": "g"],
                        ]
                    ]
                ],
                "toolConfig": ["functionCallingConfig": ["mode": "ANY", "allowedFunctionNames": ["f"]]],
                "generationConfig": [
                    "temperature": 0, "topP": 1, "seed": 7, "maxOutputTokens": 10, "stopSequences": ["END"],
                    "responseMimeType": "application/json",
                    "responseSchema": ["type": "object", "properties": ["x": ["type": "string"]]],
                ],
                "safetySettings": [["category": "c", "threshold": "t"]],
            ]
        )
    }

    @Test("does not follow a schema that refers to itself for ever")
    func recursiveSchema() throws {
        let (_, exchange) = try open(
            ##"{"model":"m","messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_schema","json_schema":{"schema":{"$ref":"#/$defs/a","$defs":{"a":{"type":"array","items":{"$ref":"#/$defs/a"}}}}}}}"##
        )
        #expect(exchange.json?["generationConfig"]?["responseSchema"]?["type"] == "array")
    }

    @Test("answers as OpenAI would")
    func answer() throws {
        let (call, exchange) = try open(Self.plain)
        exchange.answer(
            200,
            [:],
            """
            {"candidates":[{"content":{"role":"model","parts":[{"text":"hm","thought":true},{"text":"Hello"},
             {"functionCall":{"name":"f","args":{"a":1}},"thoughtSignature":"c2ln"}]},"finishReason":"STOP"}],
             "usageMetadata":{"promptTokenCount":10,"candidatesTokenCount":5,"thoughtsTokenCount":2,"cachedContentTokenCount":4},"responseId":"r1"}
            """
        )
        let choice = call.result?["choices"]?.arrayValue?.first
        #expect(choice?["finish_reason"] == "tool_calls")
        #expect(choice?["message"]?["content"] == "Hello")
        #expect(choice?["message"]?["reasoning_content"] == "hm")
        let tool = choice?["message"]?["tool_calls"]?.arrayValue?.first
        #expect(tool?["function"] == ["name": "f", "arguments": #"{"a":1}"#])
        #expect(tool?["index"] == nil)
        #expect(choice?["message"]?["praximous"]?["gemini"]?["parts"]?.arrayValue?.count == 3)
        #expect(call.result?["x_request_id"] == "r1")
        #expect(
            call.result?["usage"] == [
                "prompt_tokens": 10, "completion_tokens": 7, "total_tokens": 17,
                "prompt_tokens_details": ["cached_tokens": 4],
            ]
        )
    }

    @Test("brings signed parts back as they came")
    func signedParts() throws {
        let parts: JSON = [["functionCall": ["name": "f", "args": [:]], "thoughtSignature": "c2ln"]]
        let request: JSON = [
            "model": "m",
            "messages": [["role": "assistant", "tool_calls": [], "praximous": ["gemini": ["parts": parts]]]],
        ]
        #expect(try open(request.text).1.json?["contents"] == [["role": "model", "parts": parts]])
    }

    @Test("streams as OpenAI would")
    func stream() throws {
        let (call, exchange) = try open(Self.streamed)
        #expect(exchange.url.hasSuffix("/models/gemini-x:streamGenerateContent?alt=sse"))
        exchange.head(200, ["content-type": "text/event-stream"])
        exchange.body(
            "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hé\"}]}}],\"usageMetadata\":{\"promptTokenCount\":3}}\r\n\r\n"
        )
        exchange.body(
            "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"llo\"}]},\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":3,\"candidatesTokenCount\":2}}\r\n\r\n"
        )
        exchange.end()
        let deltas = call.events.compactMap { $0["choices"]?.arrayValue?.first?["delta"] }
        #expect(deltas == [["role": "assistant", "content": "Hé"], ["content": "llo"], [:]])
        #expect(call.result?["finish_reason"] == "stop")
        #expect(call.result?["usage"] == ["prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5])
        #expect(call.events.last?["usage"] == call.result?["usage"])
    }

    @Test(
        "counts no tokens that no request can have",
        arguments: [
            #"{"promptTokenCount":-3}"#, #"{"promptTokenCount":3,"candidatesTokenCount":"2"}"#,
            #"{"promptTokenCount":3,"thoughtsTokenCount":10000001}"#,
        ]
    )
    func nonsense(usage: String) throws {
        let (call, exchange) = try open(Self.plain)
        let candidates = #"[{"content":{"parts":[{"text":"x"}]},"finishReason":"STOP"}]"#
        exchange.answer(200, [:], #"{"candidates":\#(candidates),"usageMetadata":\#(usage)}"#)
        #expect(call.result?["usage"]?["estimated"] == true)
    }

    @Test(
        "says why it stopped in OpenAI's words",
        arguments: [
            (#"{"candidates":[{"finishReason":"SAFETY"}]}"#, "content_filter"),
            (#"{"candidates":[{"content":{"parts":[{"text":"x"}]},"finishReason":"MAX_TOKENS"}]}"#, "length"),
            (#"{"candidates":[{"content":{"parts":[{"text":"x"}]},"finishReason":"RECITATION"}]}"#, "content_filter"),
            (#"{"candidates":[{"finishReason":"OTHER"}]}"#, "stop"),
            (#"{"promptFeedback":{"blockReason":"SAFETY"}}"#, "content_filter"),
        ]
    )
    func finishReasons(body: String, reason: String) throws {
        let (call, exchange) = try open(Self.plain)
        exchange.answer(200, [:], body)
        #expect(call.result?["choices"]?.arrayValue?.first?["finish_reason"] == .string(reason))
        #expect(call.result?["usage"]?["estimated"] == true)
        let (streamed, second) = try open(Self.streamed)
        second.head(200, ["content-type": "text/event-stream"])
        second.body("data: \(body)\n\n")
        second.end()
        #expect(streamed.result?["finish_reason"] == .string(reason))
    }

    @Test(
        "fails when the answer is none",
        arguments: [
            (200, "<html>", "upstream_bad_answer"), (200, "{}", "upstream_bad_answer"),
            (200, #"{"candidates":[]}"#, "upstream_bad_answer"),
            (200, #"{"candidates":[{"content":{"parts":[{"text":"x"}]}}]}"#, "upstream_cut"),
            (200, #"{"candidates":[{"finishReason":"MALFORMED_FUNCTION_CALL"}]}"#, "upstream_bad_answer"),
            (
                400,
                #"{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}"#,
                "upstream_auth"
            ),
            (
                400,
                #"{"error":{"code":400,"message":"The input token count (9) exceeds the maximum","status":"INVALID_ARGUMENT"}}"#,
                "context_length_exceeded"
            ),
            (404, #"{"error":{"code":404,"message":"models/x is not found","status":"NOT_FOUND"}}"#, "model_not_found"),
            (
                503, #"[{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}]"#,
                "overloaded"
            ),
        ] as [(Int32, String, String)]
    )
    func badAnswers(status: Int32, body: String, code: String) throws {
        let (call, exchange) = try open(Self.plain)
        exchange.answer(status, ["content-type": "application/json"], body)
        #expect(call.failure?.code == code)
    }

    @Test("says when Google wants to be asked again")
    func retryDelay() throws {
        let (call, exchange) = try open(Self.streamed)
        exchange.answer(
            429,
            ["content-type": "application/json"],
            #"[{"error":{"code":429,"message":"quota","status":"RESOURCE_EXHAUSTED","details":[{"@type":"x"},{"retryDelay":"34.5s"}]}}]"#
        )
        #expect(call.failure?.code == "rate_limited")
        #expect(call.failure?.retryAfterMilliseconds == 34_500)
    }

    @Test(
        "fails when the stream does",
        arguments: [
            (#"{"candidates":[{"content":{"parts":[{"text":"x"}]}}]}"#, "upstream_cut"),
            (#"{"error":{"code":503,"message":"x","status":"UNAVAILABLE"}}"#, "overloaded"),
            ("{broken", "upstream_cut"),
            ("NaN", "upstream_cut"),
        ]
    )
    func brokenStream(event: String, code: String) throws {
        let (call, exchange) = try open(Self.streamed)
        exchange.head(200, ["content-type": "text/event-stream"])
        exchange.body("data: \(event)\n\n")
        exchange.end()
        #expect(call.failure?.code == code)
    }

    @Test("embeds in batches and lists models")
    func others() throws {
        let driver = try BuiltProvider.load("gemini", config: #"{"dimensions":2}"#)
        let call = driver.embed(["a", "b"], model: "e")
        let exchange = try #require(driver.host.exchanges.first)
        #expect(exchange.url.hasSuffix("/models/e:batchEmbedContents"))
        #expect(
            exchange.json?["requests"]?.arrayValue?.first
                == ["model": "models/e", "content": ["parts": [["text": "a"]]], "outputDimensionality": 2]
        )
        exchange.answer(200, [:], #"{"embeddings":[{"values":[1,0.5]},{"values":[0,-1]}]}"#)
        #expect(call.record.vectors == [[1, 0.5], [0, -1]])
        let models = driver.models()
        driver.host.exchanges.last?.answer(200, [:], #"{"models":[{"name":"models/gemini-x","inputTokenLimit":9}]}"#)
        #expect(models.result == ["models": [["id": "gemini-x", "context": 9]]])
    }
}
