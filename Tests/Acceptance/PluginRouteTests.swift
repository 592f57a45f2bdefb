import PraximousJSON
import TestSupport
import Testing

@Suite("The routes about plugins") struct PluginRouteTests {
    private static let keys = [
        "PRAXIMOUS_API_KEYS": "v:viewer:viewer-key-0123456789abcdef,d:developer:developer-key-0123456789abc"
    ]
    private static let viewer = "viewer-key-0123456789abcdef"
    private static let developer = "developer-key-0123456789abc"

    @Test("the plugins are for admins, the metrics for whoever reads the audit log")
    func scopes() async throws {
        try await RunningHost.with(environment: Self.keys, isStarted: false) { host async throws in
            let made = try await host.cli(["keys", "create", "--name", "root", "--role", "admin"])
            try await host.start()
            let admin = made.lastLine
            let expected: [(path: String, viewer: Int, developer: Int)] = [
                ("/api/v1/plugins", 403, 403), ("/api/v1/plugins/praximous/echo", 403, 403), ("/metrics", 200, 403),
            ]
            for row in expected {
                #expect(try await host.get(row.path, as: .key(Self.viewer)).status == row.viewer, "\(row.path)")
                #expect(try await host.get(row.path, as: .key(Self.developer)).status == row.developer, "\(row.path)")
                #expect(try await host.get(row.path, as: .key(admin)).status == 200, "\(row.path)")
                #expect(try await host.get(row.path, as: .none).status == 401, "\(row.path)")
            }
        }
    }

    @Test("the list tells how each plugin stands")
    func list() async throws {
        try await CuriousPlugin.installed { host async throws in
            try await host.untilPluginsStand()
            let plugins = try await host.get("/api/v1/plugins").json["plugins"]?.arrayValue ?? []
            let names = plugins.compactMap { $0["name"]?.stringValue }
            #expect(names == names.sorted())
            let curious = try #require(plugins.first { $0["name"] == "test/curious" })
            #expect(curious["state"] == "running")
            #expect(curious["origin"] == "local")
            #expect(curious["faults"] == 0)
            #expect(curious["isolation"]?["why"] == "local plugins run so by default")
            let layers = curious["isolation"]?["layers"]?.arrayValue ?? []
            #expect(
                layers.first
                    == .object([
                        "layer": "process", "state": "applied", "detail": layers.first?["detail"] ?? .null,
                        "fix": .null,
                    ])
            )
            #expect(try await host.get("/api/v1/plugins/test/nosuch").json["error"]?["code"] == "unknown_plugin")
        }
    }

    @Test("a crash is counted on /metrics, listed with its plugin and written to the audit")
    func fault() async throws {
        try await CuriousPlugin.installed { host async throws in
            let crash = try await host.process(["task_type": "curious", "operation": "crash"])
            #expect(crash.status == 502)
            #expect(crash.json["error"]?["code"] == "plugin_crashed")
            let metrics = try await host.get("/metrics").text
            #expect(metrics.contains(#"prax_plugin_faults_total{plugin="test/curious",kind="crashed"} 1"# + "\n"))
            #expect(try await host.get("/api/v1/plugins/test/curious").json["faults"] == 1)
            let faults = try await host.auditEvents().filter { $0["kind"] == "fault" }
            #expect(faults.map { $0["error_code"] } == ["crashed"])
            #expect(faults.first?["provider"] == "plugin:test/curious@1.0.0")
        }
    }

    @Test("what a plugin was denied is in the audit, by its name")
    func denial() async throws {
        try await CuriousPlugin.installed { host async throws in
            #expect(try await host.process(["task_type": "curious"]).json["result"] == ["read": false])
            _ = try await host.waitForLog { $0.contains("denied") }
            // Its row follows the line in the log.
            #expect(try await host.kill(15) == 0)
            let denials = try await host.auditEvents().filter { $0["kind"] == "denial" }
            #expect(denials.map { $0["operation"] } == ["openat /etc/passwd"])
            #expect(denials.first?["provider"] == "plugin:test/curious@1.0.0")
        }
    }
}
