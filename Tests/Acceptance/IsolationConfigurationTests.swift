import PraximousJSON
import TestSupport
import Testing

@Suite("The configuration of isolation, workers and streams") struct IsolationConfigurationTests {
    @Test(
        "is refused with line and column, and with what was expected",
        arguments: [
            ("isolation:\n  bundled: jail\n", ":2:", "expected inproc, process, sandbox, strict for bundled"),
            ("isolation:\n  elsewhere: sandbox\n", ":2:", "unknown key \"elsewhere\""),
            ("workers:\n  max_faults: 0\n", ":2:", "expected a whole number from 1 to 1000 for max_faults"),
            ("workers:\n  start_timeout: 5\n", ":2:", "expected a time such as 30s"),
            ("workers:\n  fault_window: 500ms\n", ":2:", "from 1s to 3600s, for fault_window"),
            ("workers:\n  nope: 1\n", ":2:", "unknown key \"nope\""),
            ("streams:\n  gap: 1y\n", ":2:", "for gap"),
            ("plugins:\n  acme/x:\n    isolation: loose\n", ":3:", "for isolation, found \"loose\""),
            ("plugins:\n  acme/x:\n    limits: { memory_mb: 4 }\n", ":3:", "from 16 to 1048576 for memory_mb"),
            ("plugins:\n  acme/x:\n    limits: { cpus: 4 }\n", ":3:", "unknown key \"cpus\""),
            ("plugins:\n  acme/x:\n    allow_private_hosts: 4\n", ":3:", "for allow_private_hosts"),
            ("plugins:\n  acme/x:\n    allow_hosts: ['https://a.example']\n", ":3:", "in allow_hosts, found"),
        ]
    )
    func mistakes(_ text: String, _ place: String, _ words: String) async throws {
        try await RunningHost.with(config: text, isStarted: false) { host async throws in
            let check = try await host.cli(["config", "check"])
            #expect(check.exitCode == 2)
            #expect(check.errors.contains("config/praximous.yaml" + place), "\(check.errors)")
            #expect(check.errors.contains(words), "\(check.errors)")
        }
    }

    @Test("is shown as it is written")
    func shown() async throws {
        let config = """
            isolation: { bundled: sandbox }
            workers: { cancel_grace: 250ms, fault_window: 20m }
            plugins: { acme/x: { isolation: strict, limits: { threads: 8 } } }
            """
        try await RunningHost.with(config: config + "\n", isStarted: false) { host async throws in
            let json = try JSON.parse(try await host.cli(["config", "show", "--json"]).output)
            #expect(json["isolation.bundled"] == "sandbox")
            #expect(json["isolation.installed"] == "sandbox")
            #expect(json["workers.cancel_grace"] == "250ms")
            #expect(json["workers.fault_window"] == "1200s")
            #expect(json["streams.stall"] == "30s")
            #expect(json["plugins.acme/x.isolation"] == "strict")
            #expect(json["plugins.acme/x.limits.threads"] == 8)
            #expect(json["plugins.acme/x.limits.memory_mb"] == nil)
        }
    }

    @Test("refuses an isolation on the command line that there is not", arguments: ["jail", ""])
    func option(_ mode: String) async throws {
        try await RunningHost.with(isStarted: false) { host async throws in
            let serve = try await host.cli(["serve", "--isolation", mode])
            #expect(serve.exitCode == 2)
            #expect(serve.errors.contains("inproc"))
        }
    }
}
