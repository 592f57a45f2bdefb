import Core
import Egress
import PluginRuntime
import Services
import TestSupport
import Testing

@Suite("HTTP of a plugin", .timeLimit(.minutes(1)))
struct PluginHTTPTests {
    private let client: HTTPClient
    private let server: UnreliableServer

    init() throws {
        client = try HTTPClient()
        server = try UnreliableServer()
    }

    private func http(
        hosts: [String] = ["127.0.0.1"],
        operatorHosts: [String] = [],
        allowsPrivateAddresses: Bool = true,
        maxExchanges: Int = 10,
        limits: HTTPLimits = HTTPLimits()
    ) throws -> PluginHTTP {
        try #require(
            PluginHTTP(
                client: client,
                plugin: "acme/weather",
                permissions: [.storageKV(quotaBytes: 1), .networkHTTP(hosts: hosts, methods: ["GET"])],
                operatorHosts: operatorHosts,
                allowsPrivateAddresses: allowsPrivateAddresses,
                maxExchanges: maxExchanges,
                limits: limits
            )
        )
    }

    private func run(
        _ request: HTTPExchangeRequest,
        on http: PluginHTTP,
        deadline: UInt64 = .max
    ) async throws -> ExchangeLog.Heard {
        let log = ExchangeLog()
        let exchange = try http.start(request, deadline: deadline, events: log)
        let heard = try await log.wait()
        exchange.cancel()
        return heard
    }

    @Test("brings it the answer of a host that it was granted")
    func ordinary() async throws {
        let request = HTTPExchangeRequest.get(server.url("/echo"), headers: [("X-Key", "secret")])
        let heard = try await run(request, on: http())
        #expect(heard.status == 200)
        #expect(heard.headers.first?.hasPrefix("content-length: ") == true)
        #expect(heard.text.contains("X-Key: secret\r\n"))
        #expect(heard.ends == 1)
        #expect(heard.error == nil)
        #expect(heard.reason == "")
    }

    @Test("reaches the hosts that the operator adds, and no other")
    func operatorHosts() async throws {
        let http = try http(hosts: ["api.acme.example"], operatorHosts: ["127.0.0.1:\(server.port)"])
        #expect(try await run(.get(server.url("/hello")), on: http).status == 200)
        #expect(throws: ServiceError.denied) {
            try http.start(.get("http://127.0.0.1:\(server.port + 1)/"), deadline: .max, events: ExchangeLog())
        }
    }

    @Test("tells the other side its place in a trace, unless the plugin has told it another")
    func traced() async throws {
        let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        let trace = TraceContext(parent: parent, state: "a=b")
        for (headers, expected) in [([], parent), ([("TraceParent", "own")], "own")] {
            let log = ExchangeLog()
            let request = HTTPExchangeRequest.get(server.url("/echo"), headers: headers)
            let exchange = try http().start(request, deadline: .max, trace: trace, events: log)
            let heard = try await log.wait()
            exchange.cancel()
            let lines = heard.text.split(separator: "\r\n")
            #expect(
                lines.filter { $0.lowercased().hasPrefix("traceparent: ") }.map { $0.dropFirst(13) } == [expected[...]]
            )
            #expect(lines.contains("tracestate: a=b") == headers.isEmpty)
        }
    }

    @Test("is not there without the permission")
    func withoutPermission() {
        #expect(PluginHTTP(client: client, plugin: "a/b", permissions: [.storageKV(quotaBytes: 1)]) == nil)
    }

    @Test(
        "is refused at once what was not granted",
        arguments: [
            ("GET", "http://other.example/", ServiceError.denied), ("POST", "http://127.0.0.1/", .denied),
            ("GET", "file:///etc/passwd", .denied), ("GET", "http://127.0.0.1@evil.example/", .invalid),
            ("GET", "http://127.0.0.1/\r\nX: y", .invalid), ("GET\r\n", "http://127.0.0.1/", .invalid),
        ]
    )
    func refused(_ method: String, _ url: String, _ error: ServiceError) throws {
        let http = try http()
        #expect(throws: error) {
            try http.start(.get(url, method: method), deadline: .max, events: ExchangeLog())
        }
    }

    @Test("may not set header fields of the connection", arguments: ["Host", "Content-Length", "Proxy-Authorization"])
    func ownFields(_ name: String) throws {
        let http = try http()
        #expect(throws: ServiceError.invalid) {
            try http.start(.get(server.url("/hello"), headers: [(name, "1")]), deadline: .max, events: ExchangeLog())
        }
    }

    @Test("does not reach this machine unless the operator allows it", arguments: ["127.0.0.1", "localhost"])
    func inside(_ host: String) async throws {
        let url = server.url("/hello", host: host)
        let refused = try await run(.get(url), on: http(hosts: ["*"], allowsPrivateAddresses: false))
        #expect(refused.error == .denied)
        #expect(refused.reason.contains("internal address"))
        #expect(try await run(.get(url), on: http(hosts: ["*"])).text == "hello")
    }

    @Test("is told when a limit runs out", arguments: ["its own", "the host's", "the call's"])
    func limits(_ whose: String) async throws {
        let silent = server.url("/silent")
        let heard =
            switch whose {
            case "its own": try await run(.get(silent, firstByte: 200), on: http())
            case "the host's":
                try await run(.get(silent), on: http(limits: HTTPLimits(firstByteMilliseconds: 200)))
            default:
                try await run(.get(silent), on: http(), deadline: MonotonicClock.deadline(in: .milliseconds(200)))
            }
        #expect(heard.error == .deadline)
        #expect(heard.reason.contains("20"))
    }

    @Test("may not begin after the call's end")
    func late() throws {
        let http = try http()
        #expect(throws: ServiceError.deadline) {
            try http.start(.get(server.url("/hello")), deadline: 1, events: ExchangeLog())
        }
    }

    @Test("is told that the answer broke off", arguments: ["/cut", "/garbage", "/nothing", "/nonsense"])
    func brokenOff(_ path: String) async throws {
        let heard = try await run(.get(server.url(path)), on: http())
        #expect(heard.error == .upstream)
        #expect(heard.reason.contains("broke off"))
    }

    @Test("can be cancelled, and others wait until then")
    func cancelled() async throws {
        let http = try http(maxExchanges: 1)
        let log = ExchangeLog()
        let exchange = try http.start(.get(server.url("/hold")), deadline: .max, events: log)
        try await log.wait { $0.body.count == 5 }
        #expect(throws: ServiceError.busy) {
            try http.start(.get(server.url("/hello")), deadline: .max, events: ExchangeLog())
        }
        exchange.cancel()
        let heard = try await log.wait()
        #expect(heard.error == .cancelled)
        #expect(heard.ends == 1)
        #expect(try await run(.get(server.url("/hello")), on: http).text == "hello")
    }

    @Test("gets a redirect as it is")
    func redirect() async throws {
        let heard = try await run(.get(server.url("/redirect?to=http://169.254.169.254/")), on: http())
        #expect(heard.status == 302)
        #expect(heard.headers.contains("location: http://169.254.169.254/"))
    }

    @Test("is told that the host ends")
    func shutdown() async throws {
        let log = ExchangeLog()
        _ = try http().start(.get(server.url("/hold")), deadline: .max, events: log)
        await client.shutdown()
        #expect(log.heard.error == .unavailable)
        let http = try http()
        #expect(throws: ServiceError.unavailable) {
            try http.start(.get(server.url("/hello")), deadline: .max, events: ExchangeLog())
        }
    }
}
