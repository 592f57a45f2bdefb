import PraximousJSON
import TestSupport
import Testing

@Suite("How plugins run, restart and are held back") struct PluginIsolationTests {
    private func standing(_ name: String, at host: RunningHost) async throws -> JSON {
        try await host.untilPluginsStand()
        return try await host.get("/api/v1/plugins/\(name)").json
    }

    @Test("serve --isolation is the least for every plugin, bundled ones too", arguments: ["process", "sandbox"])
    func floor(_ mode: String) async throws {
        try await CuriousPlugin.installed(arguments: ["--isolation", mode]) { host async throws in
            #expect(try await host.process(["task_type": "echo", "prompt": "hi"]).status == 200)
            for name in ["praximous/echo", "test/curious"] {
                let standing = try await standing(name, at: host)
                #expect(standing["state"] == "running")
                #expect(standing["pid"]?.intValue != nil)
                let expected = name == "praximous/echo" ? mode : "sandbox"
                #expect(standing["isolation"]?["mode"]?.stringValue == expected)
                #expect(standing["isolation"]?["missing"] == [])
            }
        }
    }

    @Test("strict starts with every layer, or the plugin is refused and the reason named")
    func strict() async throws {
        let config = "plugins: { test/curious: { isolation: strict } }\n"
        try await CuriousPlugin.installed(config: config) { host async throws in
            let standing = try await standing("test/curious", at: host)
            let doctor = try await host.cli(["doctor", "--json"])
            let findings = try JSON.parse(doctor.output)["findings"]?.arrayValue ?? []
            let lacks = findings.contains { $0["section"] == "kernel" && $0["state"] != "ok" }
            if lacks {
                #expect(standing["state"] == "refused")
                #expect(standing["reason"]?.stringValue?.contains("isolation `strict` needs layers") == true)
                #expect(doctor.exitCode == 11)
                #expect(try await host.process(["task_type": "curious"]).status == 404)
            } else {
                #expect(standing["state"] == "running")
                #expect(standing["isolation"]?["layers"]?.arrayValue?.count == 8)
                #expect(try await host.process(["task_type": "curious"]).json["result"] == ["read": false])
            }
            #expect(try await host.process(["task_type": "echo", "prompt": "hi"]).status == 200)
        }
    }

    @Test("--safe-mode serves what ships with the host and nothing else")
    func safeMode() async throws {
        try await CuriousPlugin.installed(arguments: ["--safe-mode"]) { host async throws in
            #expect(try await host.process(["task_type": "echo", "prompt": "hi"]).status == 200)
            #expect(try await host.process(["task_type": "curious"]).json["error"]?["code"] == "unknown_task_type")
            #expect(host.log.contains("safe mode"))
        }
    }

    @Test("restart gives a plugin of a running host a new process")
    func restart() async throws {
        try await CuriousPlugin.installed { host async throws in
            let before = try await standing("test/curious", at: host)["pid"]?.intValue
            let restart = try await host.cli(["plugins", "restart", "curious"])
            #expect(restart.exitCode == 0, "\(restart.errors)")
            #expect(restart.output == "test/curious 1.0.0 restarted.\n")
            let after = try await standing("test/curious", at: host)["pid"]?.intValue
            #expect(after != nil && before != nil && after != before)
        }
    }

    @Test("restart of what is not there ends with 3, without a host it says what happens next")
    func restartWithoutHost() async throws {
        try await CuriousPlugin.installed(isStarted: false) { host async throws in
            #expect(try await host.cli(["plugins", "restart", "nosuch"]).exitCode == 3)
            let restart = try await host.cli(["plugins", "restart", "curious"])
            #expect(restart.exitCode == 0)
            #expect(restart.output == "No host is running: test/curious is loaded at its next start.\n")
        }
    }

    @Test("a plugin that fails too often is quarantined over a restart of the host, until it is let go")
    func quarantine() async throws {
        let config = "workers: { max_faults: 2, first_restart_delay: 10ms }\n"
        try await CuriousPlugin.installed(config: config) { host async throws in
            #expect(try await host.process(["task_type": "curious", "operation": "crash"]).status == 502)
            var second = try await host.process(["task_type": "curious", "operation": "crash"])
            // While it is being restarted.
            for _ in 0..<200 where second.status == 503 {
                second = try await host.process(["task_type": "curious", "operation": "crash"])
            }
            let held = try await host.process(["task_type": "curious"])
            #expect(held.status == 503)
            #expect(held.json["error"]?["code"] == "plugin_quarantined")
            let listed = try JSON.parse(try await host.cli(["plugins", "quarantine", "list", "--json"]).output)
            #expect(listed["quarantined"]?.arrayValue?.map { $0["plugin"] } == ["test/curious"])

            #expect(try await host.kill(15) == 0)
            try await host.start()
            #expect(try await standing("test/curious", at: host)["state"] == "quarantined")
            let restart = try await host.cli(["plugins", "restart", "curious"])
            #expect(
                restart.output == "test/curious is no longer quarantined.\ntest/curious 1.0.0 restarted.\n",
                "\(restart.errors)"
            )
            #expect(try await host.process(["task_type": "curious"]).json["result"] == ["read": false])
            #expect(try await host.cli(["plugins", "quarantine", "list"]).errors == "No plugin is quarantined.\n")
        }
    }

    @Test("quarantine clear lets one go or all, and wants to know which")
    func clear() async throws {
        try await CuriousPlugin.installed(files: CuriousPlugin.quarantined, isStarted: false) { host async throws in
            #expect(try await host.cli(["plugins", "quarantine", "clear"]).exitCode == 2)
            #expect(try await host.cli(["plugins", "quarantine", "clear", "nosuch"]).exitCode == 3)
            let cleared = try await host.cli(["plugins", "quarantine", "clear", "curious"])
            #expect(cleared.output == "test/curious is no longer quarantined.\n")
            let all = try await host.cli(["plugins", "quarantine", "clear", "--all", "--json"])
            #expect(try JSON.parse(all.output) == ["cleared": []])
        }
    }
}
