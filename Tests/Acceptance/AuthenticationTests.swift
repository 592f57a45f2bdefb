import Foundation
import PraximousJSON
import TestSupport
import Testing

@Suite("Authentication") struct AuthenticationTests {
    private static let echo: JSON = ["task_type": "echo", "prompt": "hi"]

    @Test("takes a key from X-API-Key, Bearer and the password of Basic")
    func accepts() async throws {
        try await RunningHost.with { host async throws in
            let basic = Data("anyone:\(host.key)".utf8).base64EncodedString()
            for credentials: RunningHost.Credentials in [
                .key(host.key), .header("x-api-key", host.key), .header("Authorization", "Bearer " + host.key),
                .header("authorization", "bearer   " + host.key), .header("Authorization", "Basic " + basic),
            ] {
                #expect(try await host.process(Self.echo, as: credentials).status == 200, "\(credentials)")
                #expect(try await host.get("/docs", as: credentials).status == 200, "\(credentials)")
                #expect(try await host.get("/api/v1/skills", as: credentials).status == 200, "\(credentials)")
            }
        }
    }

    @Test("says 401 when no key is shown and 403 when it is not one of ours, in the words of the original")
    func refuses() async throws {
        try await RunningHost.with { host async throws in
            for path in ["/api/v1/skills", "/api/v1/skills/echo/capabilities", "/docs", "/openapi.json"] {
                let missing = try await host.get(path, as: .none)
                expectError(
                    missing,
                    401,
                    "missing_api_key",
                    detail: "Not authenticated: API key is missing.",
                    "\(path)"
                )
                #expect(missing["WWW-Authenticate"] != nil)
            }
            let missing = try await host.process(Self.echo, as: .none)
            expectError(missing, 401, "missing_api_key", detail: "Not authenticated: API key is missing.")
            #expect(missing["WWW-Authenticate"] == "Bearer realm=\"praximous\"")
            #expect(try await host.get("/docs", as: .none)["WWW-Authenticate"]?.hasPrefix("Basic ") == true)
            for key in ["x", host.key + "x", String(host.key.dropLast()), String(repeating: "k", count: 4000)] {
                let answer = try await host.process(Self.echo, as: .key(key))
                expectError(answer, 403, "invalid_api_key", detail: "Access denied: Invalid API key.")
                #expect(try await host.get("/docs", as: .key(key)).status == 403)
                #expect(try await host.get("/api/v1/skills", as: .key(key)).status == 403)
            }
        }
    }

    @Test("leaves health open and asks for a key before it looks at the body")
    func open() async throws {
        try await RunningHost.with { host async throws in
            #expect(try await host.get("/healthz", as: .none).json == ["status": "ok"])
            #expect(try await host.get("/readyz", as: .none).json == ["status": "ready"])
            let garbage = try await host.send("POST", "/api/v1/process", as: .none, body: Array("{not json".utf8))
            #expect(garbage.status == 401)
        }
    }

    @Test("shows the documentation to everyone only where the operator says so")
    func publicDocumentation() async throws {
        try await RunningHost.with(config: "http:\n  public_docs: true\n") { host async throws in
            #expect(try await host.get("/docs", as: .none).status == 200)
            #expect(try await host.get("/openapi.json", as: .none).status == 200)
            #expect(try await host.get("/api/v1/skills", as: .none).status == 401)
        }
    }

    @Test("reads keys from PRAXIMOUS_API_KEY and PRAXIMOUS_API_KEYS in config/.env")
    func environmentFile() async throws {
        let file = """
            PRAXIMOUS_API_KEY=first-static-key-1234
            PRAXIMOUS_API_KEYS="second-static-key-99, ops:admin:third-static-key-77 ,reader:viewer:fourth-static-key-5"
            """
        try await RunningHost.with(files: ["config/.env": file]) { host async throws in
            #expect(host.key == "")
            for key in ["first-static-key-1234", "second-static-key-99", "third-static-key-77"] {
                #expect(try await host.process(Self.echo, as: .key(key)).status == 200, "\(key)")
            }
            let viewer = RunningHost.Credentials.key("fourth-static-key-5")
            expectError(try await host.process(Self.echo, as: viewer), 403, "missing_scope")
            #expect(try await host.get("/api/v1/skills", as: viewer).status == 200)
            #expect(try await host.process(Self.echo, as: .key("fifth-static-key-000")).status == 403)

            let event = try await host.auditEvents().first { $0["principal"] == "ops" }
            #expect(event?["key_id"]?.stringValue?.hasPrefix("env_") == true)
            #expect(event?["key_id"]?.stringValue?.contains("third") == false)
        }
    }

    @Test("does not start with a static key whose role is none, and does not print it")
    func shortStaticKey() async throws {
        let files = ["config/.env": "PRAXIMOUS_API_KEY=ops:root:notashortone\n"]
        try await RunningHost.with(files: files, isStarted: false) { host async throws in
            let served = try await host.cli(["serve", "--port", "0"])
            #expect(served.exitCode == 2)
            #expect(served.errors.contains("PRAXIMOUS_API_KEY"))
            #expect(!(served.errors + served.output).contains("notashortone"))
        }
    }
}
