import PraximousJSON
import TestSupport
import Testing

@Suite("Embeddings, models and health of the OpenAI provider")
struct OpenAIEmbeddingTests {
    private func driver(_ config: String = "{}") throws -> PluginDriver {
        try BuiltProvider.load("openai", config: config)
    }

    @Test("asks for base64, and reads the texts' order from the answer")
    func base64() throws {
        let driver = try driver(#"{"dimensions":2}"#)
        let call = driver.embed(["a", "b"], model: "e")
        let exchange = try #require(driver.host.exchanges.first)
        #expect(exchange.url == "https://api.openai.com/v1/embeddings")
        #expect(exchange.json == ["model": "e", "input": ["a", "b"], "encoding_format": "base64", "dimensions": 2])
        exchange.answer(
            200,
            [:],
            #"{"data":[{"index":1,"embedding":"AAAAAAAAgD8="},{"index":0,"embedding":"AACAPwAAAMA="}],"usage":{"prompt_tokens":2,"total_tokens":2}}"#
        )
        #expect(call.record.vectors == [[1, -2], [0, 1]])
        #expect(call.result == ["model": "e", "usage": ["prompt_tokens": 2, "total_tokens": 2]])
    }

    @Test("reads numbers as well, and asks for nothing else once a server refuses base64")
    func numbers() throws {
        let driver = try driver()
        let call = driver.embed(["abcde"], model: "e")
        driver.host.exchanges.first?.answer(400, [:], #"{"error":{"message":"encoding_format is not supported"}}"#)
        #expect(driver.host.exchanges.last?.json == ["model": "e", "input": ["abcde"]])
        driver.host.exchanges.last?.answer(200, [:], #"{"data":[{"embedding":[0.5,1e-3,-1]}]}"#)
        #expect(call.record.vectors == [[0.5, 0.001, -1]])
        #expect(call.result?["usage"] == ["prompt_tokens": 2, "total_tokens": 2, "estimated": true])
        _ = driver.embed(["x"], model: "e")
        #expect(driver.host.exchanges.last?.json?["encoding_format"] == nil)
    }

    @Test(
        "takes no embeddings that are missing, torn, uneven or not finite",
        arguments: [
            "{}", "<html>", #"{"data":[]}"#, #"{"data":[{"embedding":[1]}]}"#,
            #"{"data":[{"embedding":[1]},{"embedding":[1,2]}]}"#,
            #"{"data":[{"embedding":[]},{"embedding":[]}]}"#,
            #"{"data":[{"index":7,"embedding":[1]},{"embedding":[1]}]}"#,
            #"{"data":[{"embedding":[1e999]},{"embedding":[1]}]}"#,
            #"{"data":[{"embedding":["1"]},{"embedding":[1]}]}"#,
            #"{"data":[{"embedding":"AADAfw=="},{"embedding":"AADAfw=="}]}"#,
        ]
    )
    func badEmbeddings(body: String) throws {
        let driver = try driver()
        let call = driver.embed(["a", "b"], model: "e")
        driver.host.exchanges.first?.answer(200, [:], body)
        #expect(call.record.vectors == [])
        #expect(call.failure?.code == "upstream_bad_answer")
    }

    @Test("lists the server's models")
    func models() throws {
        let driver = try driver()
        let call = driver.models()
        #expect(driver.host.exchanges.first?.method == "GET")
        driver.host.exchanges.first?.answer(200, [:], #"{"object":"list","data":[{"id":"a"},{"x":1},{"id":"b"}]}"#)
        #expect(call.result == ["models": [["id": "a"], ["id": "b"]]])
        let bad = driver.models()
        driver.host.exchanges.last?.answer(200, [:], "[]")
        #expect(bad.failure?.code == "upstream_bad_answer")
    }

    @Test(
        "is healthy when the server answers",
        arguments: [
            (200, "ok"), (404, "ok"), (401, "down"), (429, "degraded"), (503, "degraded"), (0, "down"),
        ] as [(Int32, String)]
    )
    func health(status: Int32, state: String) throws {
        let driver = try driver()
        let call = driver.health()
        if status > 0 { driver.host.exchanges.first?.head(status) }
        driver.host.exchanges.first?.end(status > 0 ? 0 : -9, "refused")
        #expect(call.result?["status"] == .string(state))
    }
}
