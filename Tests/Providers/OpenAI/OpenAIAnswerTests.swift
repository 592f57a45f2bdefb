import PraximousJSON
import TestSupport
import Testing

@Suite("An answer of the OpenAI provider")
struct OpenAIAnswerTests {
    private func answered(_ status: Int32, _ headers: KeyValuePairs<String, String>, _ body: String) throws -> OpenCall
    {
        let driver = try BuiltProvider.load("openai", key: "sk-secret")
        let call = driver.chat(#"{"model":"m","messages":[]}"#)
        try #require(driver.host.exchanges.first).answer(status, headers, body)
        return call
    }

    @Test("passes as it is, with the vendor's name for the request in front")
    func passesThrough() throws {
        let body = #"{"id":"c","choices":[{"index":0}],"usage":{"prompt_tokens":1},"x":1.0}"#
        let call = try answered(200, ["x-request-id": "req-1"], body)
        #expect(call.result?.text == #"{"x_request_id":"req-1","# + body.dropFirst())
        #expect(try answered(200, [:], body).result?.text == body)
    }

    @Test(
        "guesses its tokens when the server counts none",
        arguments: [
            #"{"choices":[{"message":{"content":"abcdefgh"}}]}"#,
            #"{"choices":[{"message":{"content":"abcdefgh"}}],"usage":null}"#,
        ]
    )
    func estimated(body: String) throws {
        #expect(
            try answered(200, [:], body).result?["usage"]
                == ["prompt_tokens": 7, "completion_tokens": 6, "total_tokens": 13, "estimated": true]
        )
    }

    @Test(
        "is none when it is not a completion",
        arguments: [
            "<html>Welcome</html>", "", "{", "[]", "{}", #"{"choices":{}}"#, #"{"choices":[{"p":NaN}]}"#,
            #"{"choices":[]"#,
        ]
    )
    func badAnswers(body: String) throws {
        let call = try answered(200, ["content-type": "text/html", "x-request-id": "r"], body)
        #expect(call.failure?.status == -9)
        #expect(call.failure?.code == "upstream_bad_answer")
        #expect(call.failure?.details == ["status": 200, "x_request_id": "r"])
    }

    @Test(
        "with another status fails by the table",
        arguments: [
            (
                400, #"{"error":{"message":"bad","type":"invalid_request_error","param":"n","code":null}}"#, -1,
                "invalid_request"
            ),
            (400, #"{"error":{"message":"too long","code":"context_length_exceeded"}}"#, -1, "context_length_exceeded"),
            (
                400, #"{"error":"the request exceeds the available context size: context window"}"#, -1,
                "context_length_exceeded"
            ),
            (400, #"{"error":{"message":"x","code":"content_filter"}}"#, -1, "content_filter"),
            (
                400, #"{"error":{"message":"This model does not support assistant message prefill."}}"#, -1,
                "prefill_refused"
            ),
            (422, #"{"detail":[{"msg":"field required"}]}"#, -1, "invalid_request"),
            (401, "nope", -15, "upstream_auth"),
            (402, "{}", -11, "insufficient_quota"), (403, "{}", -3, "upstream_denied"),
            (404, "", -4, "model_not_found"),
            (408, "", -6, "upstream_timeout"), (409, "", -14, "upstream_conflict"), (413, "", -8, "upstream_too_large"),
            (429, #"{"error":{"message":"x","type":"requests"}}"#, -11, "rate_limited"),
            (429, #"{"error":{"message":"x","code":"insufficient_quota"}}"#, -11, "insufficient_quota"),
            (418, "", -1, "invalid_request"), (500, "<html>", -9, "upstream_error"), (502, "", -9, "upstream_error"),
            (503, "", -10, "overloaded"), (504, "", -9, "upstream_error"), (529, "", -10, "overloaded"),
            (302, "", -9, "upstream_error"), (599, "", -9, "upstream_error"),
        ] as [(Int32, String, Int32, String)]
    )
    func statuses(status: Int32, body: String, kind: Int32, code: String) throws {
        let failure = try answered(status, ["x-request-id": "r"], body).failure
        #expect(failure?.status == kind)
        #expect(failure?.code == code)
        #expect(failure?.details?["status"] == .integer(Int(status)))
        #expect(failure?.details?["x_request_id"] == "r")
    }

    @Test("says what the vendor said, without the key")
    func messages() throws {
        let failure = try answered(
            400,
            [:],
            #"{"error":{"message":"no model sk-secret","type":"t","param":"model","code":"c"}}"#
        ).failure
        #expect(failure?.message == "The provider answered 400: no model <redacted>")
        #expect(
            failure?.details == [
                "status": 400,
                "error": ["message": "no model <redacted>", "type": "t", "param": "model", "code": "c"],
            ]
        )
        let denied = try answered(
            401,
            [:],
            #"{"error":{"message":"Incorrect API key: sk-se...et","code":"invalid_api_key"}}"#
        )
        #expect(denied.failure?.message == "The provider answered 401.")
        #expect(denied.failure?.details?["error"]?["message"] == "The provider refused the key.")
        #expect(denied.failure?.details?["error"]?["code"] == "invalid_api_key")
    }

    @Test(
        "says when to come back",
        arguments: [
            (["retry-after": "2"], 2000), (["Retry-After-Ms": "150", "retry-after": "2"], 150),
            (["retry-after": "999999999"], 86_400_000), ([:], 0),
        ] as [(KeyValuePairs<String, String>, UInt32)]
    )
    func retryAfter(headers: KeyValuePairs<String, String>, expected: UInt32) throws {
        #expect(try answered(429, headers, "").failure?.retryAfterMilliseconds == expected)
    }

    @Test("that breaks off, or is endless, fails")
    func broken() throws {
        let driver = try BuiltProvider.load("openai")
        let call = driver.chat(#"{"model":"m"}"#)
        let exchange = try #require(driver.host.exchanges.first)
        exchange.head(200, [:])
        exchange.body(#"{"choices":[]"#)
        exchange.end(-9, "reset")
        #expect(call.failure?.code == "upstream_cut")

        let endless = driver.chat(#"{"model":"m"}"#)
        let second = try #require(driver.host.exchanges.last)
        second.head(200, [:])
        let piece = [UInt8](repeating: 0x20, count: 1 << 20)
        for _ in 0..<17 { second.body(piece) }
        second.end()
        #expect(endless.failure?.code == "upstream_bad_answer")
    }
}
