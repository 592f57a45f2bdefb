import PraximousJSON
import TestSupport
import Testing

@Suite("Hostile bodies") struct HostileBodyTests {
    @Test("get a 4xx with the same code each time, and never hurt the host")
    func refused() async throws {
        try await RunningHost.with { host async throws in
            for body in HostileBodies.refused {
                let answer = try await host.send("POST", "/api/v1/process", body: body.bytes)
                expectError(answer, body.status, body.code, "\(body.name)")
            }
            #expect(try await host.process(["task_type": "echo", "prompt": "alive"]).status == 200)
            #expect(!host.log.contains("request failed"))
            #expect(try await host.auditEvents().count == HostileBodies.refused.count + 1)
        }
    }

    @Test("that only look hostile are served")
    func accepted() async throws {
        try await SharedHost.with { host async throws in
            for body in HostileBodies.accepted {
                let answer = try await host.send("POST", "/api/v1/process", body: body.bytes)
                #expect(answer.status == 200, "\(body.name): \(answer.text.prefix(200))")
            }
        }
    }

    @Test(
        "are judged by what they hold and not by their Content-Type",
        arguments: [
            "text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data", "",
            "application/json; charset=utf-16",
        ]
    )
    func contentType(_ type: String) async throws {
        try await SharedHost.with { host async throws in
            let right = JSON.object(["task_type": "echo", "prompt": "x"]).encoded()
            let answer = try await host.send(
                "POST",
                "/api/v1/process",
                headers: [("Content-Type", type)],
                body: right
            )
            #expect([200, 415].contains(answer.status))
            let form = try await host.send(
                "POST",
                "/api/v1/process",
                headers: [("Content-Type", type)],
                body: Array("task_type=echo&prompt=x".utf8)
            )
            #expect([415, 422].contains(form.status))
        }
    }

    @Test("of ten megabytes are refused by their size, not by what is in them")
    func large() async throws {
        try await SharedHost.with { host async throws in
            for filler in [UInt8(ascii: "["), UInt8(ascii: "a"), 0, 0xFF] {
                let body = [UInt8](repeating: filler, count: 10 << 20)
                // The host answers before it has read everything, so that the connection may break while it is sent.
                let answer = try? await host.send("POST", "/api/v1/process", body: body)
                if let answer { expectError(answer, 413, "body_too_large") }
                #expect(try await host.get("/healthz").status == 200)
            }
        }
    }

    @Test("just below the limit are served")
    func nearLimit() async throws {
        try await SharedHost.with { host async throws in
            let prompt = String(repeating: "a", count: (4 << 20) - 100)
            let answer = try await host.process(["task_type": "echo", "prompt": .string(prompt)])
            #expect(answer.status == 200)
            #expect(answer.json["result"]?["echoed_prompt"]?.stringValue?.utf8.count == prompt.utf8.count)
        }
    }
}
