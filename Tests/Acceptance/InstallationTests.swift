import Foundation
import PraximousJSON
import TestSupport
import Testing

@Suite("An installation") struct InstallationTests {
    private static let echo: JSON = ["task_type": "echo", "prompt": "hello"]

    @Test("is served by one host at a time; the second ends with 9")
    func oneHost() async throws {
        try await RunningHost.with { host async throws in
            let second = try await host.cli(["serve", "--port", "0"])
            #expect(second.exitCode == 9)
            #expect(second.errors.contains("Another host serves"))
            #expect(try await host.process(Self.echo).status == 200)
        }
    }

    @Test("serves nothing any more once its audit log is gone", arguments: ["strict", "group"])
    func lostAuditLog(_ mode: String) async throws {
        try await RunningHost.with(config: "audit:\n  mode: \(mode)\n") { host async throws in
            #expect(try await host.process(Self.echo).status == 200)
            for suffix in ["", "-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: host.root + "/data/audit.db" + suffix)
            }
            // In group mode the first requests are answered before their batch is refused.
            var answer = try await host.process(Self.echo)
            for _ in 0..<1000 where answer.status == 200 { answer = try await host.process(Self.echo) }
            expectError(answer, 503, "audit_unavailable")
            expectError(try await host.get("/readyz"), 503, "not_ready")
        }
    }

    @Test("takes a short key from the environment, with a warning")
    func shortKey() async throws {
        try await RunningHost.with(environment: ["PRAXIMOUS_API_KEYS": "key1, key2"]) { host async throws in
            #expect(try await host.process(Self.echo, as: .key("key2")).status == 200)
            #expect(host.log.contains("key 1 of PRAXIMOUS_API_KEYS is short enough to be guessed"))
        }
    }
}
