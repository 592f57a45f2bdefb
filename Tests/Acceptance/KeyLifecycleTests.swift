import PraximousJSON
import TestSupport
import Testing

@Suite("Keys, while the host serves") struct KeyLifecycleTests {
    private static let echo: JSON = ["task_type": "echo", "prompt": "hi"]

    @Test("work from the moment they are created until the moment they are revoked")
    func createAndRevoke() async throws {
        try await RunningHost.with { host async throws in
            let created = try await host.cli(["keys", "create", "--name", "laptop"])
            #expect(created.exitCode == 0)
            let key = created.lastLine
            #expect(created.output == key + "\n")
            #expect(try await host.process(Self.echo, as: .key(key)).status == 200)

            let revoked = try await host.cli(["keys", "revoke", id(of: key)])
            #expect(revoked.exitCode == 0)
            #expect(revoked.output == "Key \(id(of: key)) (laptop) is revoked.\n")
            let answer = try await host.process(Self.echo, as: .key(key))
            expectError(answer, 403, "revoked_api_key", detail: "Access denied: Invalid API key.")
            #expect(try await host.process(Self.echo).status == 200)
            #expect(try await host.cli(["keys", "revoke", "nosuchkey"]).exitCode == 3)
        }
    }

    @Test("are replaced by rotation, at once or after a grace period")
    func rotate() async throws {
        try await RunningHost.with { host async throws in
            let first = try await host.cli(["keys", "create", "--name", "ci", "--role", "viewer"]).lastLine
            let second = try await host.cli(["keys", "rotate", id(of: first), "--grace", "1h"]).lastLine
            #expect(try await host.get("/api/v1/skills", as: .key(first)).status == 200)
            #expect(try await host.get("/api/v1/skills", as: .key(second)).status == 200)
            let third = try await host.cli(["keys", "rotate", id(of: second)]).lastLine
            #expect(try await host.get("/api/v1/skills", as: .key(second)).status == 403)
            #expect(try await host.get("/api/v1/skills", as: .key(third)).status == 200)
            // The rights went along.
            expectError(try await host.process(Self.echo, as: .key(third)), 403, "missing_scope")
        }
    }

    @Test("end at their expiry")
    func expiry() async throws {
        try await RunningHost.with { host async throws in
            let created = try await host.cli(["keys", "create", "--name", "short", "--expires", "8s", "--json"])
            let key = try JSON.parse(created.output)["key"]?.stringValue ?? ""
            #expect(try await host.process(Self.echo, as: .key(key)).status == 200)
            var last = try await host.process(Self.echo, as: .key(key))
            for _ in 0..<40_000 where last.status == 200 { last = try await host.process(Self.echo, as: .key(key)) }
            expectError(last, 403, "expired_api_key")
            #expect(try await host.cli(["keys", "create", "--name", "x", "--expires", "2001-01-01"]).exitCode == 2)
        }
    }

    @Test("do what their role and scopes allow and no more")
    func scopes() async throws {
        try await RunningHost.with { host async throws in
            let viewer = try await host.cli(["keys", "create", "--name", "v", "--role", "viewer"]).lastLine
            #expect(try await host.get("/api/v1/skills", as: .key(viewer)).status == 200)
            expectError(try await host.process(Self.echo, as: .key(viewer)), 403, "missing_scope")

            let narrow = try await host.cli(["keys", "create", "--name", "n", "--scope", "skills:invoke:echo"]).lastLine
            #expect(try await host.process(Self.echo, as: .key(narrow)).status == 200)
            let other: JSON = ["task_type": "simple_math", "num1": 1, "num2": 2]
            expectError(try await host.process(other, as: .key(narrow)), 403, "missing_scope")
            expectError(
                try await host.process(["task_type": "echo2", "prompt": ""], as: .key(narrow)),
                403,
                "missing_scope"
            )
            expectError(try await host.get("/api/v1/skills", as: .key(narrow)), 403, "missing_scope")
        }
    }

    @Test("are listed without their secrets")
    func list() async throws {
        try await RunningHost.with { host async throws in
            let key = try await host.cli(["keys", "create", "--name", "listed", "--environment", "test"]).lastLine
            #expect(key.hasPrefix("prax_test_"))
            let listed = try await host.cli(["keys", "list", "--json"])
            let rows = try JSON.parse(listed.output)["keys"]?.arrayValue ?? []
            #expect(rows.map { $0["name"] } == ["listed", "first-admin"])
            #expect(rows.first?["state"] == "active")
            #expect(rows.first?["environment"] == "test")
            #expect(!listed.output.contains(key.suffix(49)))
            let table = try await host.cli(["keys", "list"]).output
            #expect(table.hasPrefix("ID "))
            #expect(table.contains("listed"))
            #expect(!table.contains(key.suffix(49)))
        }
    }

    @Test(
        "with wrong options are refused with exit code 2",
        arguments: [
            ["keys", "create"], ["keys", "create", "--name", ""], ["keys", "create", "--name", "x", "--role", "king"],
            ["keys", "create", "--name", "x", "--scope", "Bad Scope"],
            ["keys", "create", "--name", "x", "--expires", "soon"],
            ["keys", "create", "--name", "x", "--role", "viewer", "--scope", "skills:invoke"],
            ["keys", "create", "--name", "x", "--environment", "prod"],
            ["keys", "rotate", "x", "--grace", "2027-01-01"],
        ]
    )
    func wrongOptions(_ arguments: [String]) async throws {
        try await RunningHost.with(isStarted: false) { host async throws in
            let result = try await host.cli(arguments)
            #expect(result.exitCode == 2)
            #expect(result.output == "")
            #expect(result.errors != "")
        }
    }

    private func id(of key: String) -> String { String(key.dropFirst("prax_live_".count).prefix(12)) }
}
