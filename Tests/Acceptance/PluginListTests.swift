import PraximousJSON
import TestSupport
import Testing

@Suite("plugins list and plugins info") struct PluginListTests {
    /// The plugin of a list by its full name.
    private static func plugin(_ name: String, in list: RunningHost.CommandResult) throws -> JSON {
        let plugins = try JSON.parse(list.output)["plugins"]?.arrayValue ?? []
        return try #require(plugins.first { $0["name"]?.stringValue == name })
    }

    @Test("the list has a column for the state and one for the isolation")
    func table() async throws {
        try await CuriousPlugin.installed(isStarted: false) { host async throws in
            let lines = try await host.cli(["plugins", "list"]).output.split(separator: "\n").map(String.init)
            #expect(
                lines.first?.wholeMatch(of: /ID +VERSION +KIND +STATE +ISOLATION +SIGNED BY +UPDATE +TASK TYPE/) != nil,
                "\(lines)"
            )
            #expect(
                lines.contains { $0.contains(/^praximous\/echo +1\.0\.0 +skill +enabled +inproc +bundled +- +echo$/) }
            )
            #expect(
                lines.contains {
                    $0.contains(/^test\/curious +1\.0\.0 +skill +enabled +sandbox +unsigned \(local\) +- +curious$/)
                }
            )
        }
    }

    @Test("the list says how each plugin would run, and why")
    func isolation() async throws {
        let config = "isolation: { bundled: process }\nplugins: { test/curious: { isolation: inproc } }\n"
        try await CuriousPlugin.installed(config: config, isStarted: false) { host async throws in
            let list = try await host.cli(["plugins", "list", "--json"])
            let curious = try Self.plugin("test/curious", in: list)
            #expect(curious["isolation"]?["mode"] == "inproc")
            #expect(curious["isolation"]?["why"] == "praximous.yaml says so in `plugins: test/curious: isolation`")
            #expect(curious["isolation"]?["warning"] == .null)
            #expect(curious["state"] == "enabled")
            #expect(curious["quarantine"] == .null)
            #expect(try Self.plugin("praximous/echo", in: list)["isolation"]?["mode"] == "process")
        }
    }

    @Test("a disabled plugin and a quarantined one stay in the list")
    func states() async throws {
        try await CuriousPlugin.installed(
            config: "plugins: { praximous/echo: { enabled: false } }\n",
            files: CuriousPlugin.quarantined,
            isStarted: false
        ) { host async throws in
            let list = try await host.cli(["plugins", "list", "--json"])
            #expect(try Self.plugin("praximous/echo", in: list)["state"] == "disabled")
            let curious = try Self.plugin("test/curious", in: list)
            #expect(curious["state"] == "quarantined")
            #expect(curious["quarantine"]?["since"] == "2026-11-24T08:00:00Z")
            #expect(curious["quarantine"]?["faults"] == 5)
            let table = try await host.cli(["plugins", "list"])
            #expect(table.errors.contains("test/curious is quarantined: 5 faults within 10 minutes"))
        }
    }

    @Test("an entry of the quarantine that cannot be read holds its plugin back, and is named")
    func damaged() async throws {
        let files = ["data/state/quarantine/test__curious.json": "{"]
        try await CuriousPlugin.installed(files: files, isStarted: false) { host async throws in
            let list = try await host.cli(["plugins", "list", "--json"])
            #expect(list.exitCode == 0)
            #expect(try Self.plugin("test/curious", in: list)["state"] == "quarantined")
            let problem = try JSON.parse(list.output)["problems"]?.arrayValue?.first?.stringValue
            #expect(problem?.contains("test__curious.json is damaged") == true)
        }
    }

    @Test("the second of two plugins with one task type is refused in the list as in the host")
    func clash() async throws {
        let manifest = PluginFixture.manifest(name: "test/other", taskType: "curious", operations: ["run"])
        let files = ["plugins/local/other/skill.yaml": manifest]
        try await CuriousPlugin.installed(files: files, isStarted: false) { host async throws in
            let list = try await host.cli(["plugins", "list", "--json"])
            let other = try Self.plugin("test/other", in: list)
            #expect(other["state"] == "refused")
            #expect(other["reason"] == "task type `curious` is already served by test/curious 1.0.0")
        }
    }

    @Test("info shows a local plugin that no store knows, with the layers this machine has")
    func infoOfLocal() async throws {
        try await CuriousPlugin.installed(isStarted: false) { host async throws in
            let info = try await host.cli(["plugins", "info", "curious", "--json"])
            #expect(info.exitCode == 0, "\(info.errors)")
            let json = try JSON.parse(info.output)
            #expect(json["name"] == "test/curious")
            #expect(json["origin"] == "local")
            #expect(json["versions"] == [])
            #expect(json["isolation"]?["mode"] == "sandbox")
            #expect(json["isolation"]?["limits"] == ["memory_mb": 256, "threads": 64, "open_files": 64])
            let layers = json["isolation"]?["layers"]?.arrayValue ?? []
            #expect(
                layers.compactMap { $0["layer"]?.stringValue }.prefix(6)
                    == ["process", "rlimits", "no_new_privs", "landlock", "seccomp", "denials"]
            )
            #expect(json["host_running"] == false)
            #expect(json["live"] == .null)
            let text = try await host.cli(["plugins", "info", "test/curious"]).output
            #expect(text.contains("isolation    sandbox: local plugins run so by default"))
        }
    }

    @Test("info says that nothing protects the host from what runs inside it, and where the running host tells more")
    func infoOfBundled() async throws {
        try await SharedHost.with { host in
            let text = try await host.cli(["plugins", "info", "echo"]).output
            #expect(text.contains("layers       none: it runs inside the host, which it can take down"))
            #expect(text.contains("GET /api/v1/plugins/praximous/echo (admin key)"))
            let json = try JSON.parse(try await host.cli(["plugins", "info", "echo", "--json"]).output)
            #expect(json["isolation"]?["layers"] == [])
            #expect(json["host_running"] == true)
            #expect(json["live"] == "/api/v1/plugins/praximous/echo")
        }
    }

    @Test("info of a folder tells of a plugin that is not installed")
    func infoOfFolder() async throws {
        let folder = try CuriousPlugin.folder()
        try await RunningHost.with(isStarted: false) { host async throws in
            let json = try JSON.parse(try await host.cli(["plugins", "info", folder, "--json"]).output)
            #expect(json["name"] == "test/curious")
            #expect(json["folder"]?.stringValue == folder)
        }
    }

    @Test("info of what is nowhere ends with 3, and says where a running host may have it from")
    func infoOfNothing() async throws {
        let environment = ["PRAX_STORE_INDEX": SourceTree.path("skills.json")]
        try await RunningHost.with(environment: environment) { host async throws in
            let info = try await host.cli(["plugins", "info", "nosuch"])
            #expect(info.exitCode == 3)
            #expect(info.errors.contains("GET /api/v1/plugins"))
        }
    }
}
