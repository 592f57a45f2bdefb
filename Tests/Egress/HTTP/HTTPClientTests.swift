import Egress
import Foundation
import TestSupport
import Testing

@Suite("HTTP transfers", .timeLimit(.minutes(1)))
struct HTTPClientTests {
    private let client: HTTPClient
    private let server: UnreliableServer

    init() throws {
        client = try HTTPClient()
        server = try UnreliableServer()
    }

    @Test("hand out the head, the body and the end, in this order")
    func ordinary() async throws {
        let heard = try await client.exchange(server.url("/hello"))
        #expect(heard.status == 200)
        #expect(
            heard.fields == [
                HTTPField(name: "content-length", value: "5"), HTTPField(name: "content-type", value: "text/plain"),
                HTTPField(name: "x-twice", value: "a"), HTTPField(name: "x-twice", value: "b"),
            ]
        )
        #expect(heard.text == "hello")
        #expect(heard.ends == 1)
        #expect(heard.error == nil)
        #expect(!heard.isOutOfOrder)
        #expect(client.openTransfers == 0)
    }

    @Test("send what was asked and little else")
    func request() async throws {
        let fields = [HTTPField(name: "X-Key", value: "k: v"), HTTPField(name: "X-Empty", value: " ")]
        let request = try HTTPRequest(
            method: "POST",
            url: server.url("/echo?a=b"),
            fields: fields,
            body: Array("a\0b".utf8)
        )
        let heard = try await client.exchange(request)
        #expect(
            heard.text == "POST /echo?a=b HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\nUser-Agent: prax-host\r\n"
                + "Accept: */*\r\nX-Key: k: v\r\nX-Empty:\r\nContent-Length: 3\r\n\r\na\0b"
        )
    }

    @Test(
        "state the length of a body that a method must have",
        arguments: [("POST", "Content-Length: 0"), ("DELETE", "DELETE /echo"), ("GET", "GET /echo")]
    )
    func withoutBody(_ method: String, _ line: String) async throws {
        let heard = try await client.exchange(HTTPRequest(method: method, url: server.url("/echo")))
        #expect(heard.text.contains(line))
    }

    @Test("of HEAD end with the head")
    func head() async throws {
        let heard = try await client.exchange(HTTPRequest(method: "HEAD", url: server.url("/status?code=204")))
        #expect(heard.status == 204)
        #expect(heard.bodyBytes == 0)
        #expect(heard.error == nil)
    }

    @Test("hand out pieces as they come, and use a connection again")
    func pieces() async throws {
        let heard = try await client.exchange(server.url("/pieces?n=5"))
        #expect(heard.text == "piece 0\npiece 1\npiece 2\npiece 3\npiece 4\n")
        #expect(heard.pieces >= 3)
        #expect(heard.error == nil)
        #expect(!heard.fields.contains { $0.name == "x-trailer" })
    }

    @Test("begin as any other after one that could not connect")
    func afterRefusal() async throws {
        // On one loop, which uses libcurl's handles again.
        let client = try HTTPClient(HTTPClient.Settings(threads: 1))
        for _ in 0..<3 {
            guard case .unreachable = try await client.exchange("http://nobody.invalid/").error else {
                Issue.record("no name ends in .invalid")
                continue
            }
            #expect(try await client.exchange(server.url("/hello")).text == "hello")
        }
    }

    @Test("keep errors that a server states apart from errors of the transfer", arguments: [404, 500, 302])
    func status(_ code: Int) async throws {
        let heard = try await client.exchange(server.url("/status?code=\(code)"))
        #expect(heard.status == code)
        #expect(heard.error == nil)
    }

    @Test("take an old server's closed connection for the end")
    func oldServer() async throws {
        let heard = try await client.exchange(server.url("/old"))
        #expect(heard.text == "old times")
        #expect(heard.error == nil)
    }

    @Test(
        "say that an answer broke off",
        arguments: [
            ("/cut", "only this"), ("/cut-chunk", "only this"), ("/garbage", ""), ("/nonsense", ""), ("/nothing", ""),
        ]
    )
    func brokenOff(_ path: String, _ body: String) async throws {
        let heard = try await client.exchange(server.url(path))
        #expect(heard.text == body)
        #expect(heard.ends == 1)
        guard case .interrupted(host: "127.0.0.1", _) = heard.error else {
            Issue.record("\(String(describing: heard.error))")
            return
        }
    }

    @Test("do not read header fields without end", arguments: ["/fields", "/interim"])
    func endlessFields(_ path: String) async throws {
        let heard = try await client.exchange(
            server.url(path),
            policy: .loopback(limits: HTTPLimits(maxHeadBytes: 10_000))
        )
        #expect(heard.error == .headTooLarge(maxBytes: 10_000))
        #expect(heard.status == nil)
    }

    @Test("end at the cap of the body")
    func longBody() async throws {
        let heard = try await client.exchange(
            server.url("/big?bytes=1000000"),
            policy: .loopback(limits: HTTPLimits(maxBodyBytes: 200_000))
        )
        #expect(heard.error == .bodyTooLarge(maxBytes: 200_000))
        #expect(heard.bodyBytes <= 200_000)
    }

    @Test("leave a compressed body as it is")
    func compressed() async throws {
        let heard = try await client.exchange(server.url("/bomb?mb=50"))
        #expect(heard.error == nil)
        #expect(heard.body.starts(with: [0x1f, 0x8b]))
        #expect(heard.bodyBytes < 100_000)
        #expect(heard.fields.contains(HTTPField(name: "content-encoding", value: "gzip")))
    }

    @Test("decode a body on request, up to a cap")
    func decoded() async throws {
        let request = try HTTPRequest(url: server.url("/bomb?mb=50"), decodesBody: true)
        let policy = HTTPPolicy.loopback(limits: HTTPLimits(maxDecodedBytes: 1 << 20))
        let heard = try await client.exchange(request, policy: policy)
        #expect(heard.error == .bodyTooLarge(maxBytes: 1 << 20))
        #expect(heard.bodyBytes <= 1 << 20)
        #expect(heard.body.allSatisfy { $0 == 0 })
        #expect(!heard.fields.contains { $0.name == "content-encoding" || $0.name == "content-length" })
    }

    @Test("are counted, in all and by owner, until they end")
    func counts() async throws {
        let client = try HTTPClient(HTTPClient.Settings(maxTransfers: 3))
        let request = try HTTPRequest(url: server.url("/silent"))
        let log = TransferLog()
        let first = try client.start(request, policy: .loopback(owner: "a", maxTransfers: 2), handler: log)
        _ = try client.start(request, policy: .loopback(owner: "a", maxTransfers: 2), handler: TransferLog())
        #expect(throws: HTTPError.tooManyTransfers(limit: 2)) {
            try client.start(request, policy: .loopback(owner: "a", maxTransfers: 2), handler: TransferLog())
        }
        _ = try client.start(request, policy: .loopback(owner: "b", maxTransfers: 2), handler: TransferLog())
        #expect(throws: HTTPError.tooManyTransfers(limit: 3)) {
            try client.start(request, policy: .loopback(owner: "b", maxTransfers: 2), handler: TransferLog())
        }
        first.cancel()
        try await log.wait()
        #expect(client.openTransfers == 2)
        _ = try client.start(request, policy: .loopback(owner: "a", maxTransfers: 2), handler: TransferLog())
        await client.shutdown()
    }

    @Test("end when the client is shut down, and none starts after")
    func shutdown() async throws {
        let logs = (0..<20).map { _ in TransferLog() }
        for log in logs {
            _ = try client.start(HTTPRequest(url: server.url("/hold")), policy: .loopback(), handler: log)
        }
        for log in logs { try await log.wait { $0.bodyBytes == 5 } }
        await client.shutdown()
        #expect(logs.allSatisfy { $0.heard.error == .closed && $0.heard.ends == 1 })
        #expect(client.openTransfers == 0)
        #expect(throws: HTTPError.closed) {
            try client.start(HTTPRequest(url: server.url("/hello")), policy: .loopback(), handler: TransferLog())
        }
        await client.shutdown()
    }

    @Test("end when nobody holds the client any more")
    func dropped() async throws {
        var client: HTTPClient? = try HTTPClient()
        let log = TransferLog()
        _ = try client?.start(HTTPRequest(url: server.url("/silent")), policy: .loopback(), handler: log)
        client = nil
        #expect(try await log.wait().error == .closed)
    }
}
