import PraximousJSON
import TestSupport
import Testing

@Suite("Commands") struct CommandTests {
    @Test("version names the host, its ABI and its tables")
    func version() async throws {
        try await RunningHost.with(isStarted: false) { host async throws in
            let json = try JSON.parse(try await host.cli(["version", "--json"]).output)
            #expect(json["name"] == "prax-host")
            #expect(json["version"]?.stringValue?.wholeMatch(of: /\d+\.\d+\.\d+/) != nil)
            #expect(json["abi"] == "1.0")
            #expect(
                json["tables"] == [
                    "prax.host.call/1", "prax.host.log/1", "prax.host.config/1", "prax.host.kv/1", "prax.host.http/1",
                    "prax.host.invoke/1", "prax.host.metrics/1",
                ]
            )
            #expect(json["wire_generations"] == [1])
            #expect(try await host.cli(["version"]).output.hasPrefix("prax-host "))
        }
    }

    @Test(
        "none has an option twice, also not one of its own and one that all have",
        .enabled(if: SourceTree.isDebugHost)
    )
    func options() async throws {
        try await RunningHost.with(isStarted: false) { host async throws in
            // Builds for debugging look for that in every command before they print this.
            let dump = try await host.cli(["--experimental-dump-help"])
            #expect(dump.exitCode == 0, "\(dump.errors)")
            #expect(dump.output.contains("\"root-file\""))
        }
    }

    @Test("completion prints what a shell reads", arguments: ["bash", "zsh", "fish"])
    func completion(_ shell: String) async throws {
        try await RunningHost.with(isStarted: false) { host async throws in
            let completion = try await host.cli(["completion", shell])
            #expect(completion.exitCode == 0)
            #expect(completion.output.contains("rollback"))
        }
    }

    @Test("config check and show tell what is in force, without secrets")
    func config() async throws {
        try await RunningHost.with(
            config: "http:\n  port: 8123\ncalls:\n  timeout: 5s\n",
            files: ["config/.env": "OPENAI_API_KEY=very-secret-value\n"],
            isStarted: false
        ) { host async throws in
            let check = try await host.cli(["config", "check"])
            #expect(check.exitCode == 0)
            #expect(check.output == host.root + "/config/praximous.yaml is right.\n")
            #expect(try JSON.parse(try await host.cli(["config", "check", "--json"]).output)["ok"] == true)
            let show = try await host.cli(["config", "show", "--json"])
            let json = try JSON.parse(show.output)
            #expect(json["http.port"] == 8123)
            #expect(json["calls.timeout"] == "5s")
            #expect(json["audit.mode"] == "group")
            #expect(json["http.max_body_bytes"] == 4_194_304)
            #expect(!show.output.contains("very-secret-value"))
            #expect(try await host.cli(["config", "show"]).output.hasPrefix("KEY"))
        }
    }

    @Test(
        "config show tells where spans go, without a password",
        arguments: [
            ("", ["as OTEL_EXPORTER_OTLP_ENDPOINT says", "OTEL_EXPORTER_OTLP_HEADERS", .double(1), 2048]),
            (
                "telemetry: { otlp: { endpoint: \"http://127.0.0.1:4318\", headers_env: MINE, sample: 0.25, queue: 99 } }",
                ["http://127.0.0.1:4318", "MINE", .double(0.25), 99]
            ),
            (
                "telemetry: { otlp: { endpoint: \"http://me:hidden@127.0.0.1:4318\" } }",
                ["not shown: it holds a password, or is no address", "OTEL_EXPORTER_OTLP_HEADERS", .double(1), 2048]
            ),
        ] as [(String, [JSON])]
    )
    func telemetry(_ config: String, _ expected: [JSON]) async throws {
        try await RunningHost.with(config: config, isStarted: false) { host async throws in
            let json = try JSON.parse(try await host.cli(["config", "show", "--json"]).output)
            let shown = ["endpoint", "headers_env", "sample", "queue"].map { json["telemetry.otlp." + $0] }
            #expect(shown == expected)
        }
    }

    @Test("doctor finds nothing wrong with a fresh installation, and says what is wrong with others")
    func doctor() async throws {
        try await RunningHost.with { host async throws in
            let healthy = try await host.cli(["doctor", "--json"])
            #expect(healthy.exitCode == 0, "\(healthy.output)")
            let findings = try JSON.parse(healthy.output)["findings"]?.arrayValue ?? []
            #expect(findings.allSatisfy { $0["ok"] == true })
            #expect(findings.contains { $0["subject"]?.stringValue?.hasPrefix("praximous/echo ") == true })
        }
        try await RunningHost.with(config: "http:\n  port: x\n", isStarted: false) { host async throws in
            let sick = try await host.cli(["doctor"])
            #expect(sick.exitCode == 11)
            #expect(sick.output.contains("BAD  configuration: "))
            #expect(sick.output.contains("praximous.yaml:2:"))
        }
    }

    @Test(
        "that do not exist end with 2, and with --json say so in JSON",
        arguments: [
            ["nonsense"], ["keys", "nonsense"], ["serve", "--nonsense"], ["config"], ["rename"],
        ]
    )
    func wrong(_ arguments: [String]) async throws {
        try await RunningHost.with(isStarted: false) { host async throws in
            let exitCode = try await host.cli(arguments).exitCode
            #expect(exitCode == 2 || arguments == ["config"])
        }
    }

    @Test("put their errors on standard output as JSON when asked for JSON")
    func jsonErrors() async throws {
        try await RunningHost.with(isStarted: false) { host async throws in
            let result = try await host.cli(["keys", "revoke", "nosuchkey", "--json"])
            let error = try JSON.parse(result.output)["error"]
            #expect(result.exitCode == 3)
            #expect(error?["exit"] == 3)
            #expect(error?["code"] == "not_found")
            #expect(error?["message"]?.stringValue?.contains("nosuchkey") == true)
        }
    }
}
