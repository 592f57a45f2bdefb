import Foundation
import PraximousJSON
import TestSupport
import Testing

@Suite("A plugin that means harm") struct HostileTests {
    private static let secret = "SERVICE_TOKEN=never to be read by a plugin\n"

    @Test("gets nothing that it tries for", arguments: Self.modes)
    func attempts(_ mode: IsolationMode) async throws {
        try await Self.withHost(mode) { host async throws in
            let before = Self.files(of: host)
            for attempt in HostileAttempt.all {
                let answer = try await host.attempt(attempt.name)
                // In its own namespaces, strict finds nothing where sandbox may not look.
                let codes: Set<String> = mode == .strict ? ["attempt_denied", "attempt_failed"] : ["attempt_denied"]
                #expect(answer.status == 403, "\(attempt.name): \(answer.text)")
                let code = answer.json["error"]?["code"]?.stringValue ?? ""
                #expect(codes.contains(code), "\(attempt.name): \(answer.text)")
            }
            #expect(await host.isHealthy())
            #expect(Self.files(of: host) == before)
            #expect(try await host.countedFaults("acme/hostile") == [:])
        }
    }

    /// Attempts with the error of the kernel and the word of the audit.
    private static let audited = [
        ("read_passwd", "EACCES", "open"), ("read_secrets", "EACCES", "open"), ("host_environment", "EACCES", "open"),
        ("write_config", "EACCES", "write"), ("fill_tmp", "EACCES", "write"), ("fill_memory_file", "EPERM", "memory"),
        ("fork", "EPERM", "fork"), ("exec", "EPERM", "exec"), ("socket_ipv4", "EACCES", "socket"),
        ("ptrace", "EPERM", "trace"), ("signal_host_kill", "EPERM", "signal"), ("mount", "EPERM", "mount"),
        ("unshare_user", "EPERM", "namespace"), ("load_bpf", "EPERM", "kernel"),
    ]

    @Test("finds each thing that it tried in the audit", arguments: Self.modes)
    func audited(_ mode: IsolationMode) async throws {
        try await Self.withHost(mode) { host async throws in
            for (name, error, word) in Self.audited {
                let before = try await host.denials(word)
                let answer = try await host.attempt(name)
                #expect(answer.status == 403, "\(name)")
                #expect(answer.json["error"]?["code"] == "attempt_denied", "\(name): \(answer.text)")
                #expect(answer.json["error"]?["message"] == .string(error), "\(name): \(answer.text)")
                let isAudited = try await Patience.wait(seconds: 5) { try await host.denials(word) > before }
                #expect(isAudited, "\(name) is not audited as \(word)")
            }
        }
    }

    private static let modes = IsolationMode.available.filter { [.sandbox, .strict].contains($0) }

    private static func withHost(_ mode: IsolationMode, _ body: (RunningHost) async throws -> Void) async throws {
        let folder = try HostilePlugin.folder.get()
        try await RunningHost.with(
            config: FaultHost.config(mode, plugin: "acme/hostile", memoryMB: 128),
            files: ["config/.env": secret],
            environment: ["PRAX_BUNDLED_PLUGINS": try FaultPlugin.bystanders.get().path],
            arguments: ["--plugin", folder]
        ) { host async throws in
            let isServed = try await Patience.wait(seconds: 15) { try await host.attempt("ok").status == 200 }
            try #require(isServed, "\(host.log.suffix(2000))")
            try await body(host)
        }
    }

    /// What the host's files say and who may read them, those left out that change with every request.
    private static func files(of host: RunningHost) -> [String: String] {
        var found: [String: String] = [:]
        for case let name as String in FileManager.default.enumerator(atPath: host.root) ?? .init() {
            let path = host.root + "/" + name
            let attributes = (try? FileManager.default.attributesOfItem(atPath: path)) ?? [:]
            let mode = "\(attributes[.type] ?? "?") \(attributes[.posixPermissions] ?? "?")"
            let isSteady = !["data/", "logs/"].contains(where: name.hasPrefix)
            if isSteady { found[name] = mode + " " + ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "") }
        }
        return found
    }
}

extension RunningHost {
    /// How many denials of this kind have been audited.
    fileprivate func denials(_ word: String) async throws -> Int {
        try await auditRows(kind: "denial", plugin: "acme/hostile").count { $0["error_code"]?.stringValue == word }
    }

    fileprivate func attempt(_ name: String) async throws -> HTTPAnswer {
        try await process([
            "task_type": "hostile", "operation": .string(name), "host_pid": .integer(Int(processID ?? 0)),
            "config": .string(root + "/config/praximous.yaml"), "secrets": .string(root + "/config/.env"),
            "audit": .string(root + "/data/audit.db"),
        ])
    }
}

/// The plugin that means harm, compiled once.
private enum HostilePlugin {
    static let folder = Result { () throws -> String in
        let scratch = try ScratchFolder()
        Leftovers.hold(scratch)
        let names = ["ok"] + HostileAttempt.all.map(\.name)
        try scratch.write(
            PluginFixture.manifest(name: "acme/hostile", taskType: "hostile", operations: names),
            to: "skill.yaml"
        )
        let sources = ["prax_hostile", "files", "processes", "kernel"].map {
            SourceTree.path("Tests/Faults/Fixtures/Hostile/\($0).c")
        }
        try Compiler.run(
            ["clang", "-std=gnu11", "-shared"] + Compiler.flags + ["-o", scratch.path + "/skill.so"] + sources
                + Compiler.exportMap
        )
        return scratch.path
    }
}
