import PraximousJSON
import TestSupport
import Testing

@Suite("web_scraper: what is fetched")
struct FetchingTests {
    private func call(_ web: Web, _ url: JSON) -> CallRecord { web.skill.call("get_page_content", ["url": url]) }

    @Test("a page needs a URL, and elements a selector", arguments: [JSON.null, ""])
    func required(_ nothing: JSON) throws {
        let web = try Web("web_scraper")
        #expect(call(web, nothing).sentence == "Input Error / 'url' parameter is required.")
        let elements = web.skill.call("extract_elements", ["url": "https://a.example", "selector": nothing])
        #expect(
            elements.sentence
                == "Input Error / 'selector' (CSS selector) is required for 'extract_elements' operation."
        )
        #expect(web.urls.isEmpty)
    }

    @Test(
        "what is no http URL is refused",
        arguments: [
            "file:///etc/passwd", "ftp://a.example/", "a.example", "//a.example/", "http:a.example", "http:///x",
            "javascript:1",
            "http://user:pass@a.example/", "http://a.example\\@b.example/", "https://a b.example/",
            "http://a.example/\r\nX: y",
            "gopher://a.example/", "data:text/html,x", "http://", " http://a.example/",
        ]
    )
    func noURL(_ url: String) throws {
        let web = try Web("web_scraper")
        #expect(call(web, .string(url)).failure?.code == "invalid_url")
        #expect(web.urls.isEmpty)
    }

    @Test(
        "a URL is sent as browsers send it",
        arguments: [
            ("HTTPS://a.example", "https://a.example/"), ("https://a.example?q=1#top", "https://a.example/?q=1"),
            ("https://a.example:8443/ä b?ü=<x>", "https://a.example:8443/%C3%A4%20b?%C3%BC=%3Cx%3E"),
            ("https://a.example/%41%2f", "https://a.example/%41%2f"),
        ]
    )
    func spelling(_ url: String, _ sent: String) throws {
        let web = try Web("web_scraper", [sent: .init("x")])
        #expect(call(web, .string(url)).sentence == nil)
        #expect(web.urls == [sent])
        #expect(web.skill.host.exchanges.first?.method == "GET")
        #expect(web.skill.host.exchanges.first?.headers["Accept-Encoding"] == "identity")
    }

    @Test(
        "a redirect leads where RFC 3986 says",
        arguments: [
            ("/b", "https://a.example/b"), ("b", "https://a.example/x/b"), ("?b", "https://a.example/x/y?b"),
            ("../b", "https://a.example/x/../b"), ("//b.example", "https://b.example/"),
            ("https://b.example/c#d", "https://b.example/c"), ("b:c", ""), ("#", "https://a.example/x/y?q=1/2"),
        ]
    )
    func redirect(_ location: String, _ target: String) throws {
        let first = "https://a.example/x/y?q=1/2"
        var pages = [target: ScriptedWebServer.Reply("there")]
        pages[first] = .redirect(to: location)
        let web = try Web("web_scraper", pages)
        _ = call(web, .string(first))
        if location == "#" {
            #expect(web.urls == Array(repeating: first, count: 6))
        } else {
            #expect(web.urls == [first] + (target.isEmpty ? [] : [target]))
        }
    }

    @Test(
        "a redirect may lead to no other scheme, and not from https to http",
        arguments: [
            ("http://b.example/", "It redirects from https to http."),
            ("file:///etc/passwd", "It redirects to something that is no http or https URL."),
            ("https://u:p@b.example/", "It redirects to something that is no http or https URL."),
        ]
    )
    func badRedirect(_ location: String, _ reason: String) throws {
        let web = try Web("web_scraper", ["https://a.example/": .redirect(to: location)])
        #expect(
            call(web, "https://a.example/").sentence
                == "Network Error / Could not connect to URL 'https://a.example/'. Error: \(reason)"
        )
        #expect(web.urls == ["https://a.example/"])
    }

    @Test("five redirects are followed and not a sixth")
    func manyRedirects() throws {
        var pages: [String: ScriptedWebServer.Reply] = ["http://a.example/5": .init("there")]
        for number in 0..<5 { pages["http://a.example/\(number)"] = .redirect(to: "/\(number + 1)") }
        let web = try Web("web_scraper", pages)
        #expect(call(web, "http://a.example/0").result?["content_preview"] == "there")
        pages["http://a.example/5"] = .redirect(to: "/6")
        let longer = try Web("web_scraper", pages)
        #expect(
            call(longer, "http://a.example/0").sentence
                == "Network Error / Could not connect to URL 'http://a.example/0'. Error: It redirects more than 5 times."
        )
        #expect(longer.urls.count == 6)
    }

    @Test("a status that is no success is told", arguments: [404, 500, 304, 201, 204])
    func status(_ status: Int) throws {
        let web = try Web("web_scraper", ["https://a.example/": .init("x", status: status)])
        let sentence = call(web, "https://a.example/").sentence
        let expected = "API Error / Failed to fetch URL 'https://a.example/'. Status: \(status)"
        #expect(sentence == (status / 100 == 2 ? nil : expected))
    }

    @Test("nobody there is told in words of the skill's own")
    func unreachable() throws {
        let call = call(try Web("web_scraper"), "https://a.example/")
        #expect(
            call.sentence
                == "Network Error / Could not connect to URL 'https://a.example/'. Error: "
                + "The server could not be reached, or its answer broke off."
        )
        #expect(call.failure?.status == -9)
    }

    @Test("a page larger than configured is refused")
    func size() throws {
        let pages = ["https://a.example/": ScriptedWebServer.Reply(String(repeating: "x", count: 1025))]
        let small = try Web("web_scraper", pages, config: ["": #"{"max_body_bytes":1024,"timeout_s":5}"#])
        let call = call(small, "https://a.example/")
        #expect(call.sentence == "API Error / The page at 'https://a.example/' is larger than 1024 bytes.")
        #expect(call.failure?.code == "page_too_large")
    }
}
