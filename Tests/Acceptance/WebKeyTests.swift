import Foundation
import PraximousJSON
import TestSupport
import Testing

@Suite("web_search_tool and weather_tool at a running host", .timeLimit(.minutes(3))) struct WebKeyTests {
    private static let searchKey = "search-key-5f1c9a7e"
    private static let weatherKey = "weather-key-8b2d4c6f"
    private static let environment = ["SEARCH_API_KEY": searchKey, "WEATHER_API_KEY": weatherKey]

    private func config(_ port: Int, isPrivateAllowed: Bool = true, isHostAllowed: Bool = true) -> String {
        let hosts = isHostAllowed ? "allow_hosts: ['127.0.0.1:\(port)'], " : ""
        let rest = "\(hosts)allow_private_hosts: \(isPrivateAllowed), config: { base_url: 'http://127.0.0.1:\(port)' }"
        return "plugins:\n  praximous/web-search-tool: { \(rest) }\n  praximous/weather-tool: { \(rest) }\n"
    }

    private func search(at host: RunningHost) async throws -> HTTPAnswer {
        try await host.process(["task_type": "web_search_tool", "query": "swift"])
    }

    private func weather(at host: RunningHost) async throws -> HTTPAnswer {
        try await host.process(["task_type": "weather_tool", "location": "Paris,FR"])
    }

    @Test("reach the configured server, with the operator's keys")
    func success() async throws {
        let server = try ScriptedWebServer([
            "/search": .json(["organic": [["title": "T", "link": "L", "snippet": "S"]]]),
            "/data/2.5/weather": .json(["main": ["temp": 21]]),
        ])
        try await RunningHost.with(config: config(server.port), environment: Self.environment) { host async throws in
            try await host.untilPluginsStand()
            #expect(
                try await search(at: host).json["result"]
                    == [
                        "query": "swift", "results_count": 1, "results": [["title": "T", "link": "L", "snippet": "S"]],
                    ]
            )
            #expect(try await weather(at: host).json["result"]?["weather_info"] == ["main": ["temp": 21]])
        }
        let requests = server.requests
        #expect(requests.count == 2)
        #expect(requests.first?["headers"]?["x-api-key"]?.stringValue == Self.searchKey)
        #expect(requests.first?["body"] == #"{"q":"swift","num":5}"#)
        #expect(
            requests.last?["target"]?.stringValue
                == "/data/2.5/weather?q=Paris%2CFR&appid=\(Self.weatherKey)&units=metric"
        )
    }

    @Test("reach no host that the operator has not allowed", arguments: [(true, false), (false, true)])
    func refused(_ isPrivateAllowed: Bool, _ isHostAllowed: Bool) async throws {
        let server = try ScriptedWebServer([:])
        let config = config(server.port, isPrivateAllowed: isPrivateAllowed, isHostAllowed: isHostAllowed)
        try await RunningHost.with(config: config, environment: Self.environment) { host async throws in
            try await host.untilPluginsStand()
            for answer in [try await search(at: host), try await weather(at: host)] { #expect(answer.status == 403) }
        }
        #expect(server.requests.isEmpty)
    }

    @Test("say what the operator has to set")
    func unset() async throws {
        try await SharedHost.with { host in
            let answers = [try await search(at: host), try await weather(at: host)]
            #expect(answers.map(\.status) == [503, 503])
            #expect(
                answers.map { $0.json["detail"] } == [
                    "Configuration Error (Details: SEARCH_API_KEY is not set in environment variables.)",
                    "Configuration Error (Details: WEATHER_API_KEY is not set.)",
                ]
            )
        }
    }

    @Test("show the keys in no answer, no log and no row of the audit, whatever goes wrong")
    func keys() async throws {
        // Each repeats the key that it was sent.
        let echoes = [Self.searchKey, Self.weatherKey].map { key in
            ScriptedWebServer.Reply.json(["message": .string("No such key: \(key)")], status: 401)
        }
        let servers: [(port: Int, holder: any Sendable)] =
            [
                try ScriptedWebServer(["/search": echoes[0], "/data/2.5/weather": echoes[1]]),
                try ScriptedWebServer([
                    "/search": .redirect(to: "http://\(Self.searchKey)/"), "/data/2.5/weather": .init("x"),
                ]),
            ].map { ($0.port, $0) } + [(1, "nobody listens")]
        for (port, holder) in servers {
            let config = "log: { level: debug }\n" + config(port)
            try await RunningHost.with(config: config, environment: Self.environment) { host async throws in
                try await host.untilPluginsStand()
                var seen = ""
                for answer in [try await search(at: host), try await weather(at: host)] {
                    #expect(answer.status >= 500)
                    seen += answer.text
                }
                seen += try await host.cli(["audit", "list", "--json"]).output
                seen += try await host.get("/metrics").text
                #expect(try await host.kill(15) == 0)
                seen += host.log + host.output
                for name in try FileManager.default.contentsOfDirectory(atPath: host.root + "/data") {
                    let bytes = try? Data(contentsOf: URL(filePath: host.root + "/data/" + name))
                    seen += String(decoding: bytes ?? Data(), as: UTF8.self)
                }
                #expect(seen.contains("web_search_tool"))
                let shown = [Self.searchKey, Self.weatherKey, "appid"].filter { seen.contains($0) }
                #expect(shown == [], "port \(port)")
            }
            withExtendedLifetime(holder) {}
        }
    }
}
