import Egress
import Foundation
import TestSupport
import Testing

@Suite("What a transfer may reach", .timeLimit(.minutes(1)))
struct TransferPolicyTests {
    private let client: HTTPClient
    private let server: UnreliableServer

    init() throws {
        client = try HTTPClient()
        server = try UnreliableServer()
    }

    private let outside = HTTPPolicy(owner: "acme/outside", hosts: [.any], methods: ["GET"])

    @Test(
        "is not this machine, however it is called, unless the operator allows it",
        arguments: [
            "127.0.0.1", "localhost", "a.localhost", "127.1", "2130706433", "0.0.0.0", "[::ffff:127.0.0.1]", "[::1]",
        ]
    )
    func inside(_ host: String) async throws {
        let heard = try await client.exchange(server.url("/hello", host: host), policy: outside)
        guard case .refused = heard.error else {
            Issue.record("\(String(describing: heard.error))")
            return
        }
        #expect(!server.output.text.contains("asked"))
    }

    @Test("is not this machine by its own name, which has to be looked up", .enabled(if: isThisMachineInside))
    func ownName() async throws {
        let heard = try await client.exchange(server.url("/hello", host: thisMachine), policy: outside)
        guard case .refused = heard.error else {
            Issue.record("\(String(describing: heard.error))")
            return
        }
    }

    @Test("may be a name that stands for this machine where the operator allows it")
    func allowedName() async throws {
        var policy = outside
        policy.privateHosts = [HostPattern("localhost:\(server.port)")]
        #expect(try await client.exchange(server.url("/hello", host: "localhost"), policy: policy).text == "hello")
        policy.privateHosts = [HostPattern("localhost:1")]
        guard case .refused = try await client.exchange(server.url("/hello", host: "localhost"), policy: policy).error
        else {
            Issue.record("another port was allowed")
            return
        }
    }

    @Test(
        "is never where clouds keep their keys",
        arguments: ["169.254.169.254", "[fe80::1%25lo]", "224.0.0.1", "255.255.255.255"]
    )
    func metadata(_ host: String) async throws {
        let heard = try await client.exchange("http://\(host)/latest/meta-data/", policy: .loopback())
        guard case .refused = heard.error else {
            Issue.record("\(String(describing: heard.error))")
            return
        }
    }

    @Test("is not widened by a connection that another owner has opened")
    func reusedConnection() async throws {
        let client = try HTTPClient(HTTPClient.Settings(threads: 1))
        #expect(try await client.exchange(server.url("/hello")).text == "hello")
        let heard = try await client.exchange(server.url("/hello"), policy: outside)
        guard case .refused = heard.error else {
            Issue.record("\(String(describing: heard.error))")
            return
        }
        #expect(heard.status == nil)
    }

    @Test("is a host and a method of the list")
    func lists() throws {
        let policy = HTTPPolicy(owner: "a", hosts: [HostPattern("api.acme.example")], methods: ["GET"])
        #expect(throws: HTTPError.refused(reason: "the host evil.example is not among those permitted")) {
            try client.start(HTTPRequest(url: "https://evil.example/"), policy: policy, handler: TransferLog())
        }
        #expect(throws: HTTPError.refused(reason: "the method POST is not among those permitted")) {
            try client.start(
                HTTPRequest(method: "POST", url: "https://api.acme.example/"),
                policy: policy,
                handler: TransferLog()
            )
        }
    }

    @Test("is not where a redirect points, unless redirects are followed")
    func redirectsOff() async throws {
        let heard = try await client.exchange(server.url("/redirect?to=/hello"))
        #expect(heard.status == 302)
        #expect(heard.text == "moved")
        #expect(heard.fields.contains(HTTPField(name: "location", value: "/hello")))
    }

    @Test("is the target of a redirect that is followed; the way there does not show")
    func redirectsOn() async throws {
        let heard = try await client.exchange(server.url("/redirect?to=/hello"), policy: .loopback(maxRedirects: 2))
        #expect(heard.status == 200)
        #expect(heard.text == "hello")
        #expect(!heard.isOutOfOrder)
    }

    @Test(
        "is not the target of a redirect to where it could do harm",
        arguments: [
            "http://169.254.169.254/latest", "file:///etc/passwd", "gopher://127.0.0.1/", "http://[fe80::1]/",
            "http://evil.example/",
        ]
    )
    func badRedirects(_ target: String) async throws {
        var policy = HTTPPolicy.loopback(maxRedirects: 3)
        policy.hosts = [HostPattern("127.0.0.1"), HostPattern("169.254.169.254"), HostPattern("[fe80::1]")]
        let heard = try await client.exchange(server.url("/redirect?to=\(target)"), policy: policy)
        guard case .refused = heard.error else {
            Issue.record("\(String(describing: heard.error))")
            return
        }
        #expect(heard.status == nil)
    }

    @Test("is not found by redirects without end")
    func redirectLoop() async throws {
        let heard = try await client.exchange(
            server.url("/redirect?to=/redirect%3Fto%3D/redirect%253Fto%253D/redirect%25253Fto%25253D/hello"),
            policy: .loopback(maxRedirects: 2)
        )
        #expect(heard.error == .tooManyRedirects(limit: 2))
    }

    @Test("learns no secret that was meant for another host")
    func secretsOnRedirect() async throws {
        let other = try UnreliableServer()
        let request = try HTTPRequest(
            method: "POST",
            url: server.url("/redirect?code=303&to=\(other.url("/echo"))"),
            fields: [
                HTTPField(name: "Authorization", value: "Bearer secret"), HTTPField(name: "X-API-Key", value: "secret"),
                HTTPField(name: "Accept-Language", value: "en"), HTTPField(name: "Content-Type", value: "text/plain"),
            ],
            body: Array("secret".utf8)
        )
        let heard = try await client.exchange(request, policy: .loopback(maxRedirects: 1))
        #expect(heard.text.hasPrefix("GET /echo HTTP/1.1\r\nHost: 127.0.0.1:\(other.port)\r\n"))
        #expect(heard.text.contains("Accept-Language: en"))
        #expect(!heard.text.contains("secret"))
        #expect(!heard.text.contains("Content-"))
    }

    @Test("is reached through the operator's proxy, wherever that lies")
    func proxied() async throws {
        let proxies = ProxySettings(environment: [
            "http_proxy": "http://127.0.0.1:\(server.port)", "no_proxy": "direct.example",
        ])
        let client = try HTTPClient(HTTPClient.Settings(proxies: proxies))
        let heard = try await client.exchange("http://name.example/hello", policy: outside)
        #expect(heard.text == "hello")
        #expect(server.output.text.contains("asked http://name.example/hello\n"))
        for host in ["10.0.0.1", "localhost", "localhost.", "169.254.169.254"] {
            guard case .refused = try await client.exchange("http://\(host)/hello", policy: outside).error else {
                Issue.record("\(host) was asked for")
                return
            }
        }
    }
}

private let thisMachine: String = {
    var name = [UInt8](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    return String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
}()

/// Whether the name of this machine can be looked up, and leads to an address of its own network.
private let isThisMachineInside: Bool = {
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(thisMachine, nil, nil, &list) == 0, let list else { return false }
    defer { freeaddrinfo(list) }
    var text = [UInt8](repeating: 0, count: 256)
    let status = text.withUnsafeMutableBytes { text in
        getnameinfo(
            list.pointee.ai_addr,
            list.pointee.ai_addrlen,
            text.baseAddress,
            socklen_t(text.count),
            nil,
            0,
            NI_NUMERICHOST
        )
    }
    let scope = AddressScope(host: String(decoding: text.prefix { $0 != 0 }, as: UTF8.self))
    return status == 0 && (scope == .loopback || scope == .privateNetwork)
}()
