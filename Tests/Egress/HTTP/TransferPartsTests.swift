import Testing

@testable import Egress

@Suite("Host patterns")
struct HostPatternTests {
    @Test(
        "match what they say and nothing near it",
        arguments: [
            ("*", "http://anything.example:99/", true), ("api.acme.example", "https://API.acme.example/", true),
            ("api.acme.example", "https://api.acme.example.:8443/", true),
            ("api.acme.example", "https://xapi.acme.example/", false),
            ("api.acme.example", "https://api.acme.example.evil.example/", false),
            ("*.acme.example", "https://api.acme.example/", true),
            ("*.acme.example", "https://a.b.acme.example/", true),
            ("*.acme.example", "https://acme.example/", false), ("*.acme.example", "https://evilacme.example/", false),
            ("api.acme.example:8443", "https://api.acme.example:8443/", true),
            ("api.acme.example:8443", "https://api.acme.example/", false),
            ("api.acme.example:443", "https://api.acme.example/", true),
            ("api.acme.example:80", "http://api.acme.example/", true),
            ("api.acme.example:x", "http://api.acme.example/", false), ("127.0.0.1", "http://127.1/", true),
            ("[::1]", "http://[::1]:80/", true),
        ]
    )
    func matches(_ pattern: String, _ url: String, _ isMatch: Bool) throws {
        #expect(try HostPattern(pattern).matches(WebAddress(url)) == isMatch)
    }
}

@Suite("Proxy settings")
struct ProxySettingsTests {
    private let environment = [
        "http_proxy": "http://h:1", "HTTP_PROXY": "http://evil:1", "https_proxy": "http://s:2",
        "no_proxy": "acme.example, .below.example,10.0.0.0/8 [fd00::1],fd00::/16,192.168.1.1",
    ]

    @Test(
        "lead through the proxy of the scheme, but for the exceptions",
        arguments: [
            ("http://a.example/", "http://h:1"), ("https://a.example/", "http://s:2"), ("http://acme.example/", nil),
            ("https://api.ACME.example./", nil), ("http://notacme.example/", "http://h:1"),
            ("http://x.below.example/", nil), ("http://10.1.2.3/", nil), ("http://11.1.2.3/", "http://h:1"),
            ("http://192.168.1.1/", nil), ("http://192.168.1.2/", "http://h:1"), ("http://[fd00::2]/", nil),
            ("http://[fd01::2]/", "http://h:1"),
        ]
    )
    func choice(_ url: String, _ proxy: String?) throws {
        #expect(try ProxySettings(environment: environment).proxy(for: WebAddress(url)) == proxy)
    }

    @Test("read all_proxy for what has none of its own, and no upper-case HTTP_PROXY, which a request could set")
    func fallbacks() throws {
        let upper = ProxySettings(environment: ["HTTP_PROXY": "http://evil:1", "HTTPS_PROXY": "http://s:2"])
        #expect(try upper.proxy(for: WebAddress("http://a.example/")) == nil)
        #expect(try upper.proxy(for: WebAddress("https://a.example/")) == "http://s:2")
        let all = ProxySettings(environment: ["all_proxy": "socks5h://p:3", "no_proxy": "*"])
        #expect(try all.proxy(for: WebAddress("http://a.example/")) == nil)
        let open = ProxySettings(environment: ["all_proxy": "socks5h://p:3"])
        #expect(try open.proxy(for: WebAddress("http://a.example/")) == "socks5h://p:3")
    }
}

@Suite("Look-ups of names")
struct ResolverSlotsTests {
    @Test("are limited in all and by owner, and those who wait come in turn")
    func limits() {
        var slots = ResolverSlots(maxLookups: 3, maxLookupsPerOwner: 2)
        for (id, owner) in [(1, "a"), (2, "a"), (3, "a"), (4, "b"), (5, "b")] { slots.queue(UInt64(id), of: owner) }
        #expect(slots.admit() == [1, 2, 4])
        #expect(slots.admit() == [])
        slots.release("b")
        #expect(slots.admit() == [5])
        slots.withdraw(3)
        slots.release("a")
        #expect(slots.admit() == [])
    }
}

@Suite("The clock of a transfer")
struct TransferClockTests {
    private let limits = HTTPLimits(
        connectMilliseconds: 10,
        firstByteMilliseconds: 20,
        idleMilliseconds: 5,
        totalMilliseconds: 100
    )
    private func milliseconds(_ count: UInt64) -> UInt64 { count * 1_000_000 }

    @Test("runs out phase by phase")
    func phases() {
        var clock = TransferClock(limits: limits, now: 0)
        #expect(clock.due == milliseconds(10))
        #expect(clock.error(at: milliseconds(9)) == nil)
        #expect(clock.error(at: milliseconds(10)) == .timedOut(phase: "to connect", milliseconds: 10))
        clock.isConnected()
        #expect(clock.error(at: milliseconds(20)) == .timedOut(phase: "to the first byte", milliseconds: 20))
        clock.hasPiece(at: milliseconds(12))
        #expect(clock.error(at: milliseconds(17)) == .timedOut(phase: "between two pieces", milliseconds: 5))
        clock.pause()
        #expect(clock.error(at: milliseconds(99)) == nil)
        #expect(clock.error(at: milliseconds(100)) == .timedOut(phase: "for the whole transfer", milliseconds: 100))
        clock.resume(at: milliseconds(50))
        #expect(clock.due == milliseconds(55))
    }

    @Test("does not overflow")
    func extremes() {
        let clock = TransferClock(
            limits: HTTPLimits(connectMilliseconds: .max, firstByteMilliseconds: .max, totalMilliseconds: .max),
            now: .max - 1
        )
        #expect(clock.due == .max)
        #expect(clock.error(at: .max - 1) == nil)
    }
}

@Suite("Response heads")
struct ResponseHeadTests {
    private func read(_ lines: [String], maxBytes: Int = 1000) -> (ResponseHead, ResponseHead.Progress) {
        var head = ResponseHead(maxBytes: maxBytes)
        var progress = ResponseHead.Progress.open
        for line in lines { progress = Array(line.utf8).withUnsafeBytes { head.add($0) } }
        return (head, progress)
    }

    @Test("are the last one, with names in lower case and folded lines joined")
    func parsing() {
        let (head, progress) = read([
            "HTTP/1.1 103 Early\r\n", "Link: x\r\n", "\r\n", "HTTP/2 201 \r\n", "Content-TYPE:\t a/b \r\n", "X:\r\n",
            "no colon\r\n", "  folded\r\n", "\r\n",
        ])
        #expect(progress == .complete)
        #expect(head.status == 201)
        #expect(
            head.fields == [HTTPField(name: "content-type", value: "a/b"), HTTPField(name: "x", value: " folded")]
        )
    }

    @Test(
        "that make no sense are not complete",
        arguments: [
            ["\r\n"], ["HTTP/1.1\r\n", "\r\n"], ["HTTP/1.1 abc\r\n", "\r\n"], [""], ["HTTP/1.1 -5 x\n", "\n"],
        ]
    )
    func nonsense(_ lines: [String]) { #expect(read(lines).1 == .open) }

    @Test("are limited together with the trailers")
    func limit() {
        #expect(read(["HTTP/1.1 200 OK\r\n", "\r\n"], maxBytes: 19).1 == .complete)
        #expect(read(["HTTP/1.1 200 OK\r\n", "\r\n"], maxBytes: 18).1 == .tooLarge)
        #expect(read(["HTTP/1.1 200 OK\r\n", "\r\n", "A: b\r\n"], maxBytes: 19).1 == .tooLarge)
    }
}
