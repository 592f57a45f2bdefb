import Testing

@testable import HTTPAPI

@Suite("The origin of a page") struct OriginRuleTests {
    @Test(
        "must be listed, or be the host's own by address",
        arguments: [
            (nil, "127.0.0.1:8000", true),
            ("http://127.0.0.1:8000", "127.0.0.1:8000", true),
            ("https://127.0.0.1:8000", "127.0.0.1:8000", true),
            ("http://localhost:8000", "localhost:8000", true),
            ("http://[::1]:8000", "[::1]:8000", true),
            ("http://[::1]", "[::1]", true),
            ("HTTPS://UI.example.com", "gateway.example.com", true),
            ("http://127.0.0.1:8001", "127.0.0.1:8000", false),
            ("http://localhost:8000", "127.0.0.1:8000", false),
            ("http://rebound.example:8000", "rebound.example:8000", false),
            ("https://ui.example.com.evil", "127.0.0.1:8000", false),
            ("null", "127.0.0.1:8000", false),
            ("", "", false),
            ("http://", "", false),
            ("http://127.0.0.1", nil, false),
        ] as [(String?, String?, Bool)]
    )
    func rule(_ origin: String?, _ host: String?, _ isAllowed: Bool) {
        let rule = OriginRule(allowed: ["https://ui.example.com"])
        #expect(rule.allows(origin: origin, host: host) == isAllowed)
    }

    @Test(
        "is written as browsers write it",
        arguments: [
            ("https://ui.example.com", true), ("http://10.0.0.1:3000", true), ("https://ui.example.com/", false),
            ("ui.example.com", false), ("*", false), ("null", false), ("https://", false),
        ]
    )
    func syntax(_ text: String, _ isOrigin: Bool) { #expect(OriginRule.isOrigin(text) == isOrigin) }
}

@Suite("A ticket") struct TicketBoxTests {
    @Test("is good once and for thirty seconds")
    func life() throws {
        let box = TicketBox()
        let first = try #require(box.issue(SessionBench.principal, now: 0))
        let second = try #require(box.issue(SessionBench.principal, now: 0))
        #expect(first != second)
        #expect(box.take(first, now: 29_999) == SessionBench.principal)
        #expect(box.take(first, now: 29_999) == nil)
        #expect(box.take(second, now: 30_000) == nil)
        #expect(box.take("prax_ticket_", now: 0) == nil)
    }

    @Test("is refused when too many wait, until they have expired")
    func bound() {
        let box = TicketBox()
        for _ in 0..<TicketBox.maxTickets { _ = box.issue(SessionBench.principal, now: 0) }
        #expect(box.issue(SessionBench.principal, now: 29_999) == nil)
        #expect(box.issue(SessionBench.principal, now: 30_000) != nil)
    }
}
