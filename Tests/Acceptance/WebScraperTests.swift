import Foundation
import PraximousJSON
import TestSupport
import Testing

@Suite("web_scraper at a running host", .timeLimit(.minutes(3))) struct WebScraperTests {
    private static let openConfig = "plugins: { praximous/web-scraper: { allow_private_hosts: true } }\n"

    private func content(_ url: String, at host: RunningHost) async throws -> HTTPAnswer {
        try await host.process(["task_type": "web_scraper", "operation": "get_page_content", "url": .string(url)])
    }

    @Test("reaches nothing inside, however it is spelled, and the server there hears nothing")
    func inside() async throws {
        let server = try ScriptedWebServer(["/": .init("secret")])
        let hosts = [
            "127.0.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "127.0.1.1", "0.0.0.0", "[::1]",
            "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::]", "[64:ff9b::7f00:1]", "localhost", "LOCALHOST.",
            "a.localhost", "127.0.0.1.", "169.254.169.254", "0xa9fea9fe", "[fe80::1]", "[fd00::1]", "10.0.0.1",
            "172.16.0.1", "192.168.0.1", "100.64.0.1", "224.0.0.1", "%31%32%37.0.0.1", "１２７.0.0.1",
        ]
        try await RunningHost.with { host async throws in
            try await host.untilPluginsStand()
            for name in hosts {
                let answer = try await content("http://\(name):\(server.port)/", at: host)
                // A spelling that libcurl does not read, or a name that leads nowhere, is as good.
                #expect([400, 403, 502].contains(answer.status), "\(name): \(answer.status)")
                #expect(answer.json["result"] == nil, "\(name)")
            }
            for name in ["127.0.0.1", "2130706433", "0177.0.0.1", "[::1]", "localhost", "169.254.169.254"] {
                let answer = try await content("http://\(name):\(server.port)/", at: host)
                #expect(answer.status == 403, "\(name)")
                #expect(answer.json["error"]?["code"] == "address_refused")
                #expect(
                    answer.json["detail"]?.stringValue
                        == "Network Error (Details: Could not connect to URL 'http://\(name):\(server.port)/'. "
                        + "Error: The host does not allow this address.)"
                )
            }
        }
        #expect(server.requests.isEmpty)
    }

    @Test("is judged again at each redirect")
    func redirect() async throws {
        let server = try ScriptedWebServer([
            "/cloud": .redirect(to: "http://169.254.169.254/latest/meta-data/"), "/link": .redirect(to: "//[fe80::1]/"),
            "/file": .redirect(to: "file:///etc/passwd"), "/here": .redirect(to: "there"),
            "/there": .init("<p>there</p>"),
        ])
        try await RunningHost.with(config: Self.openConfig) { host async throws in
            try await host.untilPluginsStand()
            #expect(try await content(server.url("/cloud"), at: host).json["error"]?["code"] == "address_refused")
            #expect(try await content(server.url("/link"), at: host).json["error"]?["code"] == "address_refused")
            #expect(try await content(server.url("/file"), at: host).json["error"]?["code"] == "bad_redirect")
            let answer = try await content(server.url("/here"), at: host)
            #expect(answer.json["result"]?["content_preview"] == "<p>there</p>")
        }
    }

    @Test("reads pages where the operator allows it, in the sandbox, and says what is wrong with others")
    func pages() async throws {
        let server = try ScriptedWebServer([
            "/page": .init("<title>T</title><h1 class=x>Grüße</h1><script>no()</script>"),
            "/large": .init(String(repeating: "x", count: (2 << 20) + 1)), "/image": .init("x", type: "image/png"),
        ])
        try await RunningHost.with(config: Self.openConfig) { host async throws in
            try await host.untilPluginsStand()
            let standing = try await host.get("/api/v1/plugins/praximous/web-scraper").json
            #expect(standing["isolation"]?["mode"] == "sandbox")
            let page = JSON.string(server.url("/page"))
            let text = try await host.process(["task_type": "web_scraper", "operation": "extract_text", "url": page])
            #expect(text.json["result"]?["text_preview"] == "T Grüße")
            let elements = try await host.process([
                "task_type": "web_scraper", "operation": "extract_elements", "url": page, "selector": "h1.x",
            ])
            #expect(elements.json["result"]?["extracted_elements"] == ["Grüße"])
            let table = [
                ("/large", "API Error (Details: The page at '%' is larger than 2097152 bytes.)"),
                ("/none", "API Error (Details: Failed to fetch URL '%'. Status: 404)"),
                (
                    "/image",
                    "API Error (Details: The page at '%' is of type 'image/png'; text/html, application/xhtml+xml and "
                        + "text/plain can be read.)"
                ),
            ]
            for (path, sentence) in table {
                let answer = try await content(server.url(path), at: host)
                #expect(answer.status == 502)
                #expect(answer.json["detail"]?.stringValue == sentence.replacing("%", with: server.url(path)))
            }
        }
    }

    @Test("asks nobody when the request itself is wrong")
    func wrongRequests() async throws {
        let server = try ScriptedWebServer([:])
        try await RunningHost.with(config: Self.openConfig) { host async throws in
            try await host.untilPluginsStand()
            let url = JSON.string(server.url("/"))
            let table: [(JSON, String)] = [
                (
                    ["operation": "mirror", "url": url],
                    "Unsupported Operation (Details: Operation 'mirror' is not supported.)"
                ),
                ([:], "Input Error (Details: 'url' parameter is required.)"),
                (
                    ["operation": "extract_elements", "url": url],
                    "Input Error (Details: 'selector' (CSS selector) is required for 'extract_elements' operation.)"
                ),
                (["url": 7], "Input Error (Details: 'url' must be a string of at most 8192 characters.)"),
            ]
            for (parameters, sentence) in table {
                var request = parameters.objectValue ?? JSONObject()
                request["task_type"] = "web_scraper"
                let answer = try await host.process(.object(request))
                #expect(answer.status == 400)
                #expect(answer.json["detail"]?.stringValue == sentence)
            }
        }
        #expect(server.requests.isEmpty)
    }

    @Test("ends a server's silence after the configured time")
    func silence() async throws {
        let server = try UnreliableServer()
        let config = """
            plugins:
              praximous/web-scraper: { allow_private_hosts: true, config: { timeout_s: 1 } }

            """
        try await RunningHost.with(config: config) { host async throws in
            try await host.untilPluginsStand()
            for path in ["/silent", "/drip"] {
                let answer = try await content(server.url(path), at: host)
                #expect(answer.status == 504)
                #expect(answer.json["error"]?["code"] == "upstream_timeout")
            }
            #expect(try await content(server.url("/cut"), at: host).json["error"]?["code"] == "upstream_unreachable")
        }
    }
}
