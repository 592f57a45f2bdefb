import Foundation
import PraximousJSON
import TestSupport
import Testing

@Suite("A worker of a bundled plugin starts with the first call", .timeLimit(.minutes(2))) struct FirstCallTests {
    private static let path = "/api/v1/plugins/test/curious"

    /// The processes that the host has started and that are still there.
    private static func workers(of host: RunningHost) throws -> [String] {
        let tasks = "/proc/\(try #require(host.processID))/task"
        return try FileManager.default.contentsOfDirectory(atPath: tasks).flatMap { task in
            (try? String(contentsOfFile: "\(tasks)/\(task)/children", encoding: .utf8))?.split(separator: " ") ?? []
        }.map(String.init)
    }

    @Test("until then nothing runs, and everybody who is asked says why")
    func idle() async throws {
        try await CuriousPlugin.bundled { host async throws in
            #expect(try Self.workers(of: host).isEmpty)
            let standing = try await host.get(Self.path).json
            #expect(standing["state"] == "idle")
            #expect(standing["reason"] == "starts with its first call")
            #expect(standing["pid"] == .null)
            #expect(standing["isolation"]?["starts"] == "first_call")
            #expect(try await host.get("/healthz").json["status"] == "ok")
            #expect(try await host.get("/readyz").status == 200)
            #expect(try await host.get("/metrics").text.contains("\nprax_plugins{state=\"idle\"} 1\n"))
            let info = try await host.cli(["plugins", "info", "curious"]).output
            #expect(info.contains("\nstarts       with its first call\n"), "\(info)")
            let list = try await host.cli(["plugins", "list", "--json"]).output
            #expect(try JSON.parse(list)["plugins"]?.arrayValue?.first?["isolation"]?["starts"] == "first_call")
            let doctor = try await host.cli(["doctor"]).output
            #expect(doctor.contains("in `isolation: bundled`; starts with its first call"), "\(doctor)")
        }
    }

    @Test("many first calls at the same moment start one, and all of them are answered")
    func together() async throws {
        try await CuriousPlugin.bundled { host async throws in
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<24 { group.addTask { try await host.process(["task_type": "curious"]).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses == Array(repeating: 200, count: 24))
            let standing = try await host.get(Self.path).json
            #expect(standing["state"] == "running")
            #expect(standing["restarts"] == 0)
            #expect(try Self.workers(of: host) == [try #require(standing["pid"]?.intValue).description])
            #expect(!(try await host.get("/metrics").text.contains("prax_plugin_restarts_total{")))
        }
    }

    @Test("a first call waits for it no longer than its own deadline, and the next one finds it running")
    func deadline() async throws {
        let config = "isolation: { bundled: process }\ncalls: { timeout: 200ms }\n"
        try await CuriousPlugin.bundled(variant: "slow", config: config) { host async throws in
            let first = try await host.process(["task_type": "curious"])
            #expect(first.status == 504, "\(first.json)")
            #expect(try await host.get(Self.path).json["state"] == "starting")
            try await host.untilPluginsStand()
            #expect(try await host.process(["task_type": "curious"]).status == 200)
            let standing = try await host.get(Self.path).json
            #expect(standing["faults"] == 0)
            #expect(standing["restarts"] == 0)
        }
    }

    @Test("whoever calls one that cannot be loaded hears why; it is tried again, and quarantined in the end")
    func unable() async throws {
        let config = "isolation: { bundled: process }\nworkers: { max_faults: 2, first_restart_delay: 10ms }\n"
        try await CuriousPlugin.bundled(variant: "unable", config: config) { host async throws in
            let first = try await host.process(["task_type": "curious"])
            #expect(first.status == 503)
            #expect(first.json["error"]?["code"] == "plugin_unavailable")
            #expect(first.json["error"]?["message"]?.stringValue?.contains("there is no dictionary") == true)
            var last = first.json["error"]?["code"]
            for _ in 0..<500 where last != "plugin_quarantined" {
                last = try await host.process(["task_type": "curious"]).json["error"]?["code"]
            }
            #expect(last == "plugin_quarantined")
            #expect(try await host.get(Self.path).json["state"] == "quarantined")
        }
    }

    @Test("a restart starts it at once, since somebody wants to see it run")
    func restart() async throws {
        try await CuriousPlugin.bundled { host async throws in
            let restart = try await host.cli(["plugins", "restart", "curious"])
            #expect(restart.output == "test/curious 1.0.0 restarted.\n", "\(restart.errors)")
            #expect(try await host.get(Self.path).json["state"] == "running")
            #expect(try await host.process(["task_type": "curious"]).json["result"] == ["read": true])
        }
    }

    @Test("an installed or a local one starts with the host, and has few of its pages in memory when it waits")
    func local() async throws {
        try await CuriousPlugin.installed { host async throws in
            try await host.untilPluginsStand()
            let standing = try await host.get("/api/v1/plugins/test/curious").json
            #expect(standing["state"] == "running")
            #expect(standing["isolation"]?["starts"] == "host")
            let process = try #require(standing["pid"]?.intValue)
            let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
            let pages = try #require(status.firstMatch(of: #/RssFile:\s+([0-9]+) kB/#).flatMap { Int($0.1) })
            #expect(pages < 16 << 10, "\(pages) KiB of files")
        }
    }
}
