import Foundation
import PraximousJSON
import TestSupport
import Testing

@Suite("Connections") struct HTTPConnectionTests {
    private static let small = """
        http:
          max_body_bytes: 2KiB
          max_header_bytes: 2KiB
          max_header_count: 20
          body_timeout_s: 1
          idle_timeout_s: 2
        """

    @Test(
        "answer 405 with Allow for a method that a route does not have",
        arguments: [
            ("DELETE", "/api/v1/process", "POST"), ("GET", "/api/v1/process", "POST"), ("PUT", "/api/v1/skills", "GET"),
            ("POST", "/healthz", "GET"), ("PATCH", "/docs", "GET"), ("POST", "/api/v1/skills/echo/capabilities", "GET"),
        ]
    )
    func otherMethods(_ method: String, _ path: String, _ allowed: String) async throws {
        try await SharedHost.with { host async throws in
            let answer = try await host.send(method, path)
            expectError(answer, 405, "method_not_allowed")
            #expect(answer["Allow"]?.components(separatedBy: ", ").contains(allowed) == true)
        }
    }

    @Test(
        "answer 404 in the one shape for a path that is none",
        arguments: [
            "/nothing", "/api", "/api/v1/process/x", "/api/v1/skills/echo", "/../etc/passwd", "/%2e%2e/etc/passwd",
            "/?x=1",
        ]
    )
    func unknownPaths(_ path: String) async throws {
        try await SharedHost.with { host async throws in
            expectError(try await host.get(path), 404, "not_found")
        }
    }

    @Test("refuse headers beyond the limits with 431")
    func largeHeaders() async throws {
        try await RunningHost.with(config: Self.small) { host async throws in
            let long = String(repeating: "h", count: 3000)
            expectError(try await host.get("/healthz", headers: [("X-Long", long)]), 431, "headers_too_large")
            let many = (0..<30).map { ("X-\($0)", "v") }
            expectError(try await host.get("/healthz", headers: many), 431, "headers_too_large")
            expectError(try await host.get("/healthz?" + long), 431, "headers_too_large")
            // Past what the decoder itself takes.
            let huge = String(repeating: "h", count: 300_000)
            let status = try? await host.get("/healthz", headers: [("X-Huge", huge)]).status
            #expect(status == nil || status == 400 || status == 431)
            #expect(try await host.get("/healthz").status == 200)
        }
    }

    @Test("refuse bodies beyond the limit with 413, whether announced or chunked")
    func largeBodies() async throws {
        try await RunningHost.with(config: Self.small) { host async throws in
            let key = host.key
            let body = Array(repeating: UInt8(ascii: " "), count: 4096)
            expectError(try await host.send("POST", "/api/v1/process", body: body), 413, "body_too_large")
            let head = "POST /api/v1/process HTTP/1.1\r\nHost: x\r\nX-API-Key: \(key)\r\n"
            let announced = try await host.connected { connection in
                connection.send(Array((head + "Content-Length: 1000000000000\r\n\r\n").utf8))
                return try connection.readAnswer()
            }
            expectError(announced, 413, "body_too_large")
            let chunked = try await host.connected { connection in
                connection.send(Array((head + "Transfer-Encoding: chunked\r\n\r\n").utf8))
                for _ in 0..<4 { connection.send(Array("400\r\n".utf8) + body[..<1024] + Array("\r\n".utf8)) }
                return try connection.readAnswer()
            }
            expectError(chunked, 413, "body_too_large")
            // Each of them is in the audit.
            let codes = try await host.auditEvents().map { $0["error_code"] }
            #expect(codes == ["body_too_large", "body_too_large", "body_too_large"])
        }
    }

    @Test("take a chunked body as well as a plain one")
    func chunkedBody() async throws {
        try await SharedHost.with { host async throws in
            let key = host.key
            let answer = try await host.connected { connection in
                let head =
                    "POST /api/v1/process HTTP/1.1\r\nHost: x\r\nX-API-Key: \(key)\r\nTransfer-Encoding: chunked\r\n\r\n"
                connection.send(Array(head.utf8))
                for piece in [#"{"task_ty"#, #"pe":"echo","#, #""prompt":"in pieces"}"#] {
                    connection.send(Array("\(String(piece.utf8.count, radix: 16))\r\n\(piece)\r\n".utf8))
                }
                connection.send(Array("0\r\n\r\n".utf8))
                return try connection.readAnswer()
            }
            #expect(answer.json["result"]?["echoed_prompt"] == "in pieces")
        }
    }

    @Test("answer pipelined requests in their order")
    func pipelining() async throws {
        try await SharedHost.with { host async throws in
            let headers = host.header(of: .admin)
            let answers = try await host.connected { connection in
                var bytes: [UInt8] = []
                for number in 0..<20 {
                    let body = JSON.object(["task_type": "echo", "prompt": .string("\(number)")]).encoded()
                    bytes += HTTPBytes.request("POST", "/api/v1/process", headers: headers, body: body)
                }
                connection.send(bytes)
                return try (0..<20).map { _ in try connection.readAnswer().json["result"]?["echoed_prompt"] }
            }
            #expect(answers == (0..<20).map { .string("\($0)") })
        }
    }

    @Test("stay usable after a refusal that did not read the body")
    func keepAliveAfterRefusal() async throws {
        try await SharedHost.with { host async throws in
            let statuses = try await host.connected { connection in
                connection.send(HTTPBytes.request("POST", "/api/v1/process", body: Array("0123456789".utf8)))
                connection.send(HTTPBytes.request("GET", "/healthz"))
                return [try connection.readAnswer().status, try connection.readAnswer().status]
            }
            #expect(statuses == [401, 200])
        }
    }

    @Test("answer a client that has closed its sending half")
    func halfClosed() async throws {
        try await SharedHost.with { host async throws in
            let headers = host.header(of: .admin)
            let answer = try await host.connected { connection in
                let body = JSON.object(["task_type": "echo", "prompt": "half"]).encoded()
                connection.send(HTTPBytes.request("POST", "/api/v1/process", headers: headers, body: body))
                connection.finishSending()
                return try connection.readAnswer()
            }
            #expect(answer.json["result"]?["echoed_prompt"] == "half")
        }
    }

    @Test("end, and leave an audit row, when the body never comes to its end")
    func truncatedBody() async throws {
        try await RunningHost.with(config: Self.small) { host async throws in
            let head =
                "POST /api/v1/process HTTP/1.1\r\nHost: x\r\nX-API-Key: \(host.key)\r\nContent-Length: 500\r\n\r\n{"
            let isClosed = try await host.connected { connection in
                connection.send(Array(head.utf8))
                connection.finishSending()
                return connection.waitForClose()
            }
            #expect(isClosed)
            #expect(try await host.get("/healthz").status == 200)
            let events = try await host.auditEvents()
            #expect(events.map { $0["error_code"] } == ["incomplete_body"])
            #expect(!host.log.contains("request failed"))
        }
    }

    @Test("are closed when headers or bodies come too slowly")
    func slow() async throws {
        try await RunningHost.with(config: Self.small) { host async throws in
            let key = host.key
            for start in [
                "", "GET /heal", "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ",
                "POST /api/v1/process HTTP/1.1\r\nHost: x\r\nX-API-Key: \(key)\r\nContent-Length: 100\r\n\r\n{",
            ] {
                let isClosed = try await host.connected { connection in
                    connection.send(Array(start.utf8))
                    return connection.waitForClose()
                }
                #expect(isClosed, "\(start)")
            }
            #expect(try await host.get("/healthz").status == 200)
        }
    }

    @Test(
        "survive bytes that are no HTTP",
        arguments: [
            "GARBAGE\r\n\r\n", "\r\n\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
            "GET / HTTP/1.1\r\nBad Header\r\n\r\n",
            "GET /\u{0} HTTP/1.1\r\nHost: x\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "POST /api/v1/process HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
            "POST /api/v1/process HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
            "POST /api/v1/process HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n12",
            "POST /api/v1/process HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST /api/v1/process HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        ]
    )
    func garbage(_ text: String) async throws {
        try await SharedHost.with { host async throws in
            let answer = try await host.connected(timeoutSeconds: 5) { connection -> HTTPAnswer? in
                connection.send(Array(text.utf8))
                connection.finishSending()
                return try? connection.readAnswer()
            }
            if let answer { #expect(400..<500 ~= answer.status) }
            #expect(try await host.get("/healthz").status == 200)
        }
    }
}
