import Glibc
import PraximousJSON
import TestSupport
import Testing

@Suite("Requests on one connection") struct HTTPTurnTests {
    private static func echo(
        _ prompt: String,
        _ headers: [(String, String)],
        at path: String = "/api/v1/process"
    ) -> [UInt8] {
        let body = JSON.object(["task_type": "echo", "prompt": .string(prompt)]).encoded()
        return HTTPBytes.request("POST", path, headers: headers, body: body)
    }

    /// The status of an answer and what was echoed in it.
    private static func said(_ answer: HTTPAnswer) -> String {
        let prompt = answer.json["result"]?["echoed_prompt"]?.stringValue
        return ["\(answer.status)", prompt].compactMap(\.self).joined(separator: " ")
    }

    @Test(
        "are all answered, each with its own answer, before one that cannot be",
        arguments: [
            "GARBAGE\r\n\r\n", "GET /healthz HTTP/1.1\r\nBad Header\r\n\r\n",
            "POST /api/v1/process HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{\r\n",
        ],
        [true, false]
    )
    func beforeGarbage(_ garbage: String, isRouterFirst: Bool) async throws {
        try await SharedHost.with { host async throws in
            let headers = host.header(of: .admin)
            let first = isRouterFirst ? HTTPBytes.request("GET", "/healthz") : Self.echo("first", headers)
            let (answers, isClosed) = try await host.connected { connection in
                connection.send(first + Self.echo("a", headers) + Self.echo("b", headers) + Array(garbage.utf8))
                connection.finishSending()
                return (try (0..<3).map { _ in Self.said(try connection.readAnswer()) }, connection.waitForClose())
            }
            #expect(answers == [isRouterFirst ? "200" : "200 first", "200 a", "200 b"])
            #expect(isClosed)
        }
    }

    @Test("are all answered before one whose body is coded in an unknown way is refused")
    func beforeUnknownCoding() async throws {
        try await SharedHost.with { host async throws in
            let headers = host.header(of: .admin)
            let answers = try await host.connected { connection in
                let coded = HTTPBytes.request(
                    "POST",
                    "/api/v1/process",
                    headers: [("Transfer-Encoding", "gzip, chunked")]
                )
                connection.send(HTTPBytes.request("GET", "/healthz") + Self.echo("a", headers) + coded)
                return try (0..<3).map { _ in Self.said(try connection.readAnswer()) }
            }
            #expect(answers == ["200", "200 a", "501"])
        }
    }

    @Test("are served no more behind one that ends the connection")
    func behindLast() async throws {
        try await RunningHost.with { host async throws in
            let headers = host.header(of: .admin)
            let (answer, rest) = try await host.connected { connection in
                connection.send(HTTPBytes.request("GET", "/healthz", headers: [("Connection", "close")]))
                connection.send(Self.echo("late", headers))
                return (try connection.readAnswer(), connection.readToEnd())
            }
            #expect(answer["Connection"] == "close")
            #expect(rest == [])
            #expect(try await host.auditEvents().isEmpty)
        }
    }

    @Test("find their route by an absolute target, too")
    func absoluteTarget() async throws {
        try await SharedHost.with { host async throws in
            let headers = host.header(of: .admin)
            let answer = try await host.connected { connection in
                connection.send(Self.echo("there", headers, at: "http://localhost/api/v1/process?x=1"))
                return Self.said(try connection.readAnswer())
            }
            #expect(answer == "200 there")
        }
    }

    @Test("of HTTP/1.0 are streamed without chunks to the connection's end, and without an interim answer")
    func oldClient() async throws {
        try await SharedHost.with { host async throws in
            let key = host.key
            let answer = try await host.connected { connection in
                let body = #"{"model":"local","stream":true,"messages":[{"role":"user","content":"hello"}]}"#
                let head = """
                    POST /v1/chat/completions HTTP/1.0\r\nX-API-Key: \(key)\r\nConnection: keep-alive\r\n\
                    Expect: 100-continue\r\nContent-Length: \(body.utf8.count)\r\n\r\n
                    """
                connection.send(Array((head + body).utf8))
                return (try connection.readAnswer(toHead: true), connection.readToEnd())
            }
            #expect(answer.0.status == 200)
            #expect(answer.0["Transfer-Encoding"] == nil)
            #expect(String(decoding: answer.1, as: UTF8.self).hasPrefix("data: {"))
            #expect(String(decoding: answer.1, as: UTF8.self).hasSuffix("data: [DONE]\n\n"))
        }
    }

    @Test("have their long answers as a whole although their client ends its side meanwhile")
    func halfClosedWhileReading() async throws {
        try await SharedHost.with { host async throws in
            let headers = host.header(of: .admin)
            let prompt = String(repeating: "long ", count: 600_000)
            let answer = try await host.connected { connection in
                connection.send(Self.echo(prompt, headers))
                let head = try connection.readAnswer(toHead: true)
                connection.finishSending()
                return (head["Content-Length"], connection.readToEnd().count)
            }
            #expect(answer.0 == "\(answer.1)")
        }
    }

    @Test(
        "have their long answers as a whole although their client takes longer than a silent one may",
        .timeLimit(.minutes(1))
    )
    func slowReader() async throws {
        try await RunningHost.with(config: "http:\n  idle_timeout_s: 1\n") { host async throws in
            let headers = host.header(of: .admin)
            let prompt = String(repeating: "long ", count: 700_000)
            let (announced, taken) = try await host.connected { connection in
                connection.send(Self.echo(prompt, headers))
                let length = try connection.readAnswer(toHead: true)["Content-Length"].flatMap { Int($0) } ?? 0
                // The client's own slowness is what is tried.
                for _ in 0..<25 {
                    _ = try connection.take(20_000)
                    usleep(100_000)
                }
                return (length, 25 * 20_000 + (try connection.take(length - 25 * 20_000)).count)
            }
            #expect(taken == announced)
            #expect(announced > 3_500_000)
        }
    }
}
