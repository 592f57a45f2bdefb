import PraximousJSON
import TestSupport
import Testing

@Suite("web_search_tool")
struct WebSearchTests {
    private static let url = "https://google.serper.dev/search"
    private static let key = "serper-key-0123456789"

    private func web(_ reply: ScriptedWebServer.Reply, config: [String: String] = [:]) throws -> Web {
        try Web("web_search_tool", [Self.url: reply], secrets: ["SEARCH_API_KEY": Self.key], config: config)
    }

    @Test("asks for what was asked and shows title, link and snippet")
    func success() throws {
        let web = try web(
            .json([
                "organic": [
                    ["title": "T", "link": "https://a.example", "snippet": "S", "position": 1], ["title": "no more"], 7,
                    ["title": "beyond"],
                ]
            ])
        )
        let call = web.skill.call("perform_search", ["query": "swift", "num_results": 3])
        #expect(
            call.result == [
                "query": "swift", "results_count": 3,
                "results": [
                    ["title": "T", "link": "https://a.example", "snippet": "S"],
                    ["title": "no more", "link": "", "snippet": ""],
                    ["title": "", "link": "", "snippet": ""],
                ],
            ]
        )
        let exchange = web.skill.host.exchanges.first
        #expect(exchange?.method == "POST")
        #expect(exchange?.json == ["q": "swift", "num": 3])
        #expect(exchange?.headers["X-API-KEY"] == Self.key)
    }

    @Test("takes the prompt when there is no query, and five results when no number is said")
    func prompt() throws {
        let web = try web(.json([:]))
        #expect(
            web.skill.call("perform_search", ["prompt": "p"]).result == [
                "query": "p", "results_count": 0, "results": [],
            ]
        )
        #expect(web.skill.host.exchanges.first?.json == ["q": "p", "num": 5])
    }

    @Test("asks the configured server", arguments: ["http://127.0.0.1:9/api", "http://127.0.0.1:9/api/"])
    func baseURL(_ base: String) throws {
        let web = try web(.json([:]), config: ["/base_url": JSON.string(base).text])
        _ = web.skill.call("perform_search", ["query": "q"])
        #expect(web.urls == ["http://127.0.0.1:9/api/search"])
    }

    @Test("says what is missing")
    func missing() throws {
        let call = try Web("web_search_tool").skill.call("perform_search", ["query": "q"])
        #expect(call.sentence == "Configuration Error / SEARCH_API_KEY is not set in environment variables.")
        #expect(call.failure?.status == -10)
        let empty = try web(.json([:])).skill.call("perform_search", ["query": " ", "prompt": "x"])
        #expect(empty.sentence == "Input Error / 'query' cannot be empty.")
    }

    @Test("tells the status of the API", arguments: [(403, -9), (429, -11), (500, -9)] as [(Int, Int32)])
    func status(_ status: Int, _ kind: Int32) throws {
        let call = try web(.json(["message": .string(Self.key)], status: status)).skill.call(
            "perform_search",
            ["query": "q"]
        )
        #expect(call.sentence == "API Error / Search API request failed with status \(status).")
        #expect(call.failure?.status == kind)
    }

    @Test("refuses what is no answer", arguments: ["", "<html>", "[]"])
    func nonsense(_ text: String) throws {
        let call = try web(.init(text)).skill.call("perform_search", ["query": "q"])
        #expect(call.failure?.code == "upstream_bad_answer")
    }

    @Test("never shows the key, though the server repeats it")
    func key() throws {
        let reply = ScriptedWebServer.Reply.json(["organic": [["title": .string("for \(Self.key)!")]]])
        let call = try web(reply).skill.call("perform_search", ["query": "q"])
        #expect(call.result?["results"]?.arrayValue?.first?["title"] == "for *********************!")
    }
}
