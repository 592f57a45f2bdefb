import PraximousJSON
import TestSupport
import Testing

@Suite("HTTP's own rules") struct HTTPRulesTests {
    @Test("HEAD is answered without a body, refusals included", arguments: ["/healthz", "/nope", "/api/v1/process"])
    func head(_ path: String) async throws {
        try await SharedHost.with { host async throws in
            try await host.connected { connection in
                let head = "HEAD \(path) HTTP/1.1\r\nHost: x\r\n\r\n"
                #expect(connection.send(Array((head + "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").utf8)))
                _ = try connection.readAnswer(toHead: true)
                let answer = try connection.readAnswer()
                #expect(answer.status == 200)
            }
        }
    }

    @Test("a client that asks first is told to go on before it sends its body")
    func expectContinue() async throws {
        try await SharedHost.with { host async throws in
            let body = #"{"task_type":"echo","prompt":"go on!"}"#
            let headers =
                host.header(of: .admin) + [("Expect", "100-continue"), ("Content-Length", "\(body.utf8.count)")]
            let lines = headers.map { "\($0.0): \($0.1)\r\n" }.joined()
            try await host.connected { connection in
                #expect(connection.send(Array("POST /api/v1/process HTTP/1.1\r\nHost: x\r\n\(lines)\r\n".utf8)))
                let goOn = try connection.readAnswer(toHead: true)
                #expect(goOn.status == 100)
                #expect(connection.send(Array(body.utf8)))
                let answer = try connection.readAnswer()
                #expect(answer.status == 200)
            }
        }
    }

    @Test("an operation that is no text is refused, not taken for none", arguments: [5, nil, [], true] as [JSON])
    func operationOfAnotherType(_ operation: JSON) async throws {
        try await SharedHost.with { host async throws in
            let body: JSON = ["task_type": "text_manipulation", "prompt": "a", "operation": operation]
            let answer = try await host.process(body)
            expectError(answer, 422, "invalid_parameters")
        }
    }

    @Test("a percent-encoded segment means the same as a plain one")
    func encodedSegment() async throws {
        try await SharedHost.with { host async throws in
            #expect(try await host.get("/api/v1/skills/ech%6f/capabilities", as: .admin).status == 200)
        }
    }
}
