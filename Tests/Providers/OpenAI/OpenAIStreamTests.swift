import PraximousJSON
import TestSupport
import Testing

@Suite("A stream of the OpenAI provider")
struct OpenAIStreamTests {
    private static let role =
        #"{"id":"c1","object":"chat.completion.chunk","model":"m-1","choices":[{"index":0,"delta":{"role":"assistant"},"finish_reason":null}],"usage":null}"#
    private static let text =
        #"{"id":"c1","choices":[{"index":0,"delta":{"content":"say \"usage\": {1} and \"finish_reason\":\"stop\""}, "finish_reason": null}]}"#
    private static let stop = #"{"id":"c1","choices":[{"index":0,"delta":{}, "finish_reason": "stop"}]}"#
    private static let usage =
        #"{"id":"c1","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}"#
    private static let counted: JSON = ["prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7]

    private func open(_ request: String = #"{"model":"m","stream":true}"#) throws -> (
        OpenCall, FakeExchange, PluginDriver
    ) {
        let driver = try BuiltProvider.load("openai", key: "sk-secret")
        let call = driver.chat(request)
        return (call, try #require(driver.host.exchanges.first), driver)
    }

    private func body(_ events: String...) -> String { events.map { "data: \($0)\n\n" }.joined() }

    private func ended(_ call: OpenCall) async throws -> CallRecord {
        while call.record.ends == 0 { await Task.yield() }
        return call.record
    }

    @Test("passes its chunks as they are, and ends with what they said")
    func ordinary() throws {
        let (call, exchange, _) = try open()
        exchange.head(200, ["Content-Type": "text/event-stream; charset=utf-8", "X-Request-Id": "req-1"])
        exchange.body(body(Self.role, Self.text, Self.stop))
        #expect(call.events == [try JSON.parse(Self.role), try JSON.parse(Self.text), try JSON.parse(Self.stop)])
        #expect(call.record.events.map(\.kind) == ["delta", "delta", "delta"])
        exchange.body(body(Self.usage, "[DONE]"))
        #expect(call.record.ends == 0)
        exchange.end()
        #expect(call.events.count == 4)
        #expect(
            call.result == [
                "id": "c1", "model": "m-1", "finish_reason": "stop", "usage": Self.counted, "x_request_id": "req-1",
            ]
        )
        #expect(call.record.ends == 1)
    }

    @Test(
        "ends when the connection stays open behind its last word, or falls silent behind its finish reason",
        arguments: ["[DONE]", Self.usage]
    )
    func staysOpen(last: String) async throws {
        let (call, exchange, _) = try open()
        exchange.head(200, ["content-type": "text/event-stream"])
        exchange.body(body(Self.role, Self.stop, last))
        #expect(call.record.ends == 0)
        #expect(try await ended(call).result?["finish_reason"] == "stop")
        exchange.end(-5, "cancelled")
        #expect(call.record.ends == 1)
    }

    @Test("guesses its tokens when the server counts none")
    func estimated() throws {
        let (call, exchange, _) = try open()
        exchange.head(200, ["content-type": "text/event-stream"])
        exchange.body(body(Self.role, Self.text, Self.text, Self.stop, "[DONE]"))
        exchange.end()
        #expect(
            call.result?["usage"]
                == ["prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9, "estimated": true]
        )
    }

    @Test("with several answers is whole when all of them are")
    func severalChoices() throws {
        let (call, exchange, _) = try open(#"{"model":"m","stream":true,"n":2}"#)
        exchange.head(200, ["content-type": "text/event-stream"])
        exchange.body(body(Self.role, Self.stop))
        exchange.end()
        #expect(call.failure?.code == "upstream_cut")
    }

    @Test(
        "that ends before its finish reason is cut, however it ends",
        arguments: [
            (0, "upstream_cut", -9), (-9, "upstream_cut", -9), (-6, "upstream_idle", -6), (-5, "cancelled", -5),
            (-8, "upstream_bad_answer", -9),
        ] as [(Int32, String, Int32)]
    )
    func cut(end: Int32, code: String, status: Int32) throws {
        let (call, exchange, _) = try open()
        exchange.head(200, ["content-type": "text/event-stream"])
        exchange.body(body(Self.role, Self.text) + "data: {\"id\":")
        exchange.end(end, "")
        #expect(call.events.count == 2)
        #expect(call.failure?.code == code)
        #expect(call.failure?.status == status)
    }

    @Test("that breaks behind a whole answer is whole", arguments: [-9, -6] as [Int32])
    func brokenBehind(end: Int32) throws {
        let (call, exchange, _) = try open()
        exchange.head(200, ["content-type": "text/event-stream"])
        exchange.body(body(Self.role, Self.stop))
        exchange.end(end, "reset")
        #expect(call.result?["finish_reason"] == "stop")
    }

    @Test(
        "that never begins says why",
        arguments: [
            (-9, "upstream_unreachable", -9), (-6, "upstream_timeout", -6), (-3, "address_refused", -3),
        ] as [(Int32, String, Int32)]
    )
    func unreachable(end: Int32, code: String, status: Int32) throws {
        let (call, exchange, _) = try open()
        exchange.end(end, "")
        #expect(call.failure?.code == code)
        #expect(call.failure?.status == status)
    }

    @Test(
        "skips what is no chunk",
        arguments: [
            "{\"id\":", "NaN", "{\"a\":NaN}", "12", "\"text\"", "[]", "<html>", "", "{\"a\":\"\u{1}\"}",
        ]
    )
    func skipped(event: String) throws {
        let (call, exchange, _) = try open()
        exchange.head(200, ["content-type": "text/event-stream"])
        exchange.body(body(Self.role, event, Self.stop, "[DONE]", Self.text))
        exchange.end()
        #expect(call.events.count == 2)
        #expect(call.result?["finish_reason"] == "stop")
    }

    @Test(
        "fails with an error that comes in it, in the words of the table",
        arguments: [
            (#"{"error":{"message":"Overloaded","type":"overloaded_error"}}"#, -10, "overloaded", "Overloaded"),
            (#"{"error":{"message":"slow down","type":"rate_limit_exceeded"}}"#, -11, "rate_limited", "slow down"),
            (#"{"error":{"message":"boom","code":502}}"#, -9, "upstream_error", "boom"),
            (
                #"{"id":"x","choices":[{"index":0,"delta":{},"finish_reason":"error"}],"error":{"message":"gone"}}"#,
                -9, "upstream_error", "gone"
            ),
            (#"{"error": "out of memory"}"#, -9, "upstream_error", "out of memory"),
            (
                #"{"error":{"message":"key sk-secret is bad","type":"invalid_request_error"}}"#, -1, "invalid_request",
                "key <redacted> is bad"
            ),
        ] as [(String, Int32, String, String)]
    )
    func errorChunk(chunk: String, status: Int32, code: String, message: String) throws {
        let (call, exchange, _) = try open()
        exchange.head(200, ["content-type": "text/event-stream"])
        exchange.body(body(Self.role, Self.text, chunk, Self.stop))
        #expect(call.events.count == 2)
        #expect(call.failure?.status == status)
        #expect(call.failure?.code == code)
        #expect(call.failure?.details?["error"]?["message"] == .string(message))
        exchange.end(-5, "cancelled")
        #expect(call.record.ends == 1)
    }

    @Test(
        "that is none is a bad answer, or the error it says it is",
        arguments: [
            ("text/html", "<html>", "upstream_bad_answer"), ("text/html", "", "upstream_bad_answer"),
            ("application/json", #"{"choices":[]}"#, "upstream_bad_answer"),
            ("application/json", "{", "upstream_bad_answer"),
            ("application/json", #"{"error":{"message":"x","type":"overloaded_error"}}"#, "overloaded"),
            ("", "<html>\n\n", "upstream_cut"),
        ]
    )
    func noStream(type: String, text: String, code: String) throws {
        let (call, exchange, _) = try open()
        exchange.head(200, ["content-type": type])
        if !text.isEmpty { exchange.body(text) }
        exchange.end()
        #expect(call.events == [])
        #expect(call.failure?.code == code)
    }

    @Test("with a line of three megabytes fails, and keeps none of it")
    func longLine() throws {
        let (call, exchange, _) = try open()
        exchange.head(200, ["content-type": "text/event-stream"])
        let piece = [UInt8](repeating: 0x61, count: 64 << 10)
        for _ in 0..<48 { exchange.body(piece) }
        #expect(call.failure?.code == "upstream_bad_answer")
        #expect(call.record.ends == 1)
        exchange.end(-5, "cancelled")
    }

    @Test("waits for a slow client without losing anything")
    func slowClient() throws {
        let driver = try BuiltProvider.load("openai") { $0.creditBytes = 300 }
        let call = driver.chat(#"{"model":"m","stream":true}"#)
        let exchange = try #require(driver.host.exchanges.first)
        exchange.head(200, ["content-type": "text/event-stream"])
        exchange.body(body(Self.role, Self.text, Self.stop, Self.usage, "[DONE]"))
        exchange.end()
        #expect(call.events.count < 4)
        #expect(call.record.ends == 0)
        call.giveCredit(10_000)
        #expect(call.events.count == 4)
        #expect(call.result?["usage"] == Self.counted)
    }
}
