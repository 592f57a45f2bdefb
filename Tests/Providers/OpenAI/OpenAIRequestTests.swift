import PraximousJSON
import TestSupport
import Testing

@Suite("What the OpenAI provider asks")
struct OpenAIRequestTests {
    private func asked(_ request: String, config: String = "{}", key: String = "") throws -> FakeExchange {
        let driver = try BuiltProvider.load("openai", config: config, key: key)
        let call = driver.chat(request)
        #expect(call.returned == 1)
        return try #require(driver.host.exchanges.first)
    }

    @Test("is the client's request, byte by byte")
    func passesThrough() throws {
        let request =
            #"{"model": "gpt-4o", "messages":[{"role":"user","content":"h\u00e9"}],"temperature":1.0,"x_new":[1e400]}"#
        let exchange = try asked(request, key: "sk-1")
        #expect(exchange.method == "POST")
        #expect(exchange.url == "https://api.openai.com/v1/chat/completions")
        #expect(exchange.headers == ["Authorization": "Bearer sk-1", "Content-Type": "application/json"])
        #expect(String(decoding: exchange.body, as: UTF8.self) == request)
    }

    @Test("names the entry's model when the client names none, and asks a stream to count")
    func additions() throws {
        let exchange = try asked(#"{"messages":[],"stream":true}"#, config: #"{"model":"gemma"}"#)
        #expect(
            String(decoding: exchange.body, as: UTF8.self)
                == #"{"model":"gemma","stream_options":{"include_usage":true},"messages":[],"stream":true}"#
        )
        let kept = try asked(#"{"model":"a","stream":true,"stream_options":{"x":1,"include_usage":false}}"#)
        #expect(kept.json?["stream_options"] == ["x": 1, "include_usage": true])
        let old = try asked(#"{"model":"a","stream":true}"#, config: #"{"include_usage":false}"#)
        #expect(old.json == ["model": "a", "stream": true])
    }

    @Test("has nothing in it that is other vendors' business")
    func extras() throws {
        let exchange = try asked(
            #"{"model":"a","praximous":1,"messages":[{"role":"assistant","content":"\"praximous\"","praximous":{"anthropic":{}}}]}"#
        )
        #expect(exchange.json == ["model": "a", "messages": [["role": "assistant", "content": "\"praximous\""]]])
    }

    @Test(
        "goes where the entry says, with its headers",
        arguments: [
            (
                #"{"base_url":"http://127.0.0.1:8080/v1/"}"#, "http://127.0.0.1:8080/v1/chat/completions",
                ["Authorization": "Bearer k"]
            ),
            (
                #"{"base_url":"https://r.openai.azure.com","api_version":"2024-10-21","deployment":"my gpt"}"#,
                "https://r.openai.azure.com/openai/deployments/my%20gpt/chat/completions?api-version=2024-10-21",
                ["api-key": "k"]
            ),
            (
                #"{"base_url":"https://r.openai.azure.com","api_version":"2024-10-21"}"#,
                "https://r.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21",
                ["api-key": "k"]
            ),
            (
                #"{"base_url":"https://r.openai.azure.com/openai/v1"}"#,
                "https://r.openai.azure.com/openai/v1/chat/completions", ["api-key": "k"]
            ),
            (
                #"{"organization":"o","project":"p","headers":{"X-A":"1","authorization":"Basic x"}}"#,
                "https://api.openai.com/v1/chat/completions",
                ["OpenAI-Organization": "o", "OpenAI-Project": "p", "X-A": "1", "authorization": "Basic x"]
            ),
        ]
    )
    func addresses(config: String, url: String, headers: [String: String]) throws {
        let exchange = try asked(#"{"model":"gpt-4o"}"#, config: config, key: "k")
        #expect(exchange.url == url)
        #expect(exchange.headers == headers.merging(["Content-Type": "application/json"]) { $1 })
    }

    @Test(
        "is nothing when the request cannot be one",
        arguments: [("[]", "{}"), ("{", "{}"), (#"{"messages":[]}"#, "{}")]
    )
    func refused(request: String, config: String) throws {
        let driver = try BuiltProvider.load("openai", config: config)
        let call = driver.chat(request)
        #expect(call.failure?.status == -1)
        #expect(call.failure?.code == "invalid_request")
        #expect(driver.host.exchanges.isEmpty)
    }

    @Test("needs an address that is one")
    func badAddress() {
        #expect {
            try BuiltProvider.load("openai", config: #"{"base_url":"api.openai.com"}"#)
        } throws: {
            ($0 as? PluginDriver.LoadError)?.description
                == "base_url: expected an http or https URL, found 'api.openai.com'."
        }
    }
}
