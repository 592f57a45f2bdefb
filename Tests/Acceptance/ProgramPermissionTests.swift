import Foundation
import PraximousJSON
import TestSupport
import Testing

@Suite("A plugin that asks to start programs") struct ProgramPermissionTests {
    private static let notice = "may start programs; runs without the sandbox"
    private static let refusal = "asks to start programs (process.spawn), which sandbox refuses"

    /// Lends a host with the plugin; `permission` is what its skill.yaml says.
    private func served<Result>(
        permission: String = "permissions: { process.spawn: true }\n",
        config: String? = nil,
        arguments: [String] = [],
        isStarted: Bool = true,
        _ body: (RunningHost) async throws -> Result
    ) async throws -> Result {
        let source = try PluginFixture.folder(
            source: SourceTree.path("Tests/Acceptance/Fixtures/programs.c"),
            manifest: PluginFixture.manifest(name: "test/programs", taskType: "programs", operations: ["start"])
                + permission,
            variant: permission.isEmpty ? "plain" : "permitted"
        )
        return try await RunningHost.with(config: config, arguments: arguments, isStarted: false) { host in
            let local = host.root + "/plugins/local"
            try FileManager.default.createDirectory(atPath: local, withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: source, toPath: local + "/programs")
            if isStarted { try await host.start() }
            return try await body(host)
        }
    }

    private func isolation(_ host: RunningHost) async throws -> JSON? {
        try await host.untilPluginsStand()
        return try await host.get("/api/v1/plugins/test/programs").json["isolation"]
    }

    @Test("runs as process, can start them, and the host says so wherever it is shown")
    func permitted() async throws {
        try await served { host async throws in
            let isolation = try await isolation(host)
            #expect(isolation?["mode"] == "process")
            #expect(isolation?["notice"]?.stringValue == Self.notice)
            #expect(try await host.process(["task_type": "programs"]).json["result"] == ["started": true])
            #expect(host.log.contains(Self.notice))
            let list = try JSON.parse(try await host.cli(["plugins", "list", "--json"]).output)
            let listed = list["plugins"]?.arrayValue?.first { $0["name"] == "test/programs" }
            #expect(listed?["permissions"] == ["process.spawn:any"])
            #expect(listed?["isolation"]?["notice"]?.stringValue == Self.notice)
            let others = list["plugins"]?.arrayValue?.filter { $0["name"] != "test/programs" } ?? []
            #expect(!others.isEmpty && others.allSatisfy { $0["isolation"]?["notice"] == .null })
            let table = try await host.cli(["plugins", "list"])
            #expect(table.errors.contains("test/programs \(Self.notice)\n"), "\(table.errors)")
            let info = try await host.cli(["plugins", "info", "test/programs"])
            #expect(info.output.contains("it \(Self.notice)\n"), "\(info.output)")
            let doctor = try await host.cli(["doctor"])
            #expect(doctor.output.contains(Self.notice), "\(doctor.output)")
        }
    }

    @Test("cannot where the operator tightens it, and each attempt is audited", arguments: Tightening.allCases)
    func tightened(_ tightening: Tightening) async throws {
        try await served(config: tightening.config, arguments: tightening.arguments) { host async throws in
            let isolation = try await isolation(host)
            #expect(isolation?["mode"] == "sandbox")
            #expect(isolation?["notice"]?.stringValue == Self.refusal)
            #expect(try await host.process(["task_type": "programs"]).json["result"] == ["started": false])
            var denials: [JSON] = []
            for _ in 0..<100 where denials.isEmpty {
                let rows = try JSON.parse(try await host.cli(["audit", "list", "--json", "--limit", "100"]).output)
                denials = rows["events"]?.arrayValue?.filter { $0["kind"] == "denial" } ?? []
            }
            #expect(denials.first?["error_code"] == "fork", "\(denials.map(\.text))")
            #expect(denials.first?["provider"] == "plugin:test/programs@1.0.0")
        }
    }

    enum Tightening: String, CaseIterable, Sendable {
        case plugin, origin, serve

        var config: String? {
            switch self {
            case .plugin: "plugins: { test/programs: { isolation: sandbox } }\n"
            case .origin: "isolation: { local: sandbox }\n"
            case .serve: nil
            }
        }

        var arguments: [String] { self == .serve ? ["--isolation", "sandbox"] : [] }
    }

    @Test("in vain when it does not say so in its skill.yaml: it runs in the sandbox")
    func unasked() async throws {
        try await served(permission: "") { host async throws in
            #expect(try await isolation(host)?["mode"] == "sandbox")
            #expect(try await isolation(host)?["notice"] == .null)
            #expect(try await host.process(["task_type": "programs"]).json["result"] == ["started": false])
        }
    }

    @Test("is shown in red on a terminal, unless NO_COLOR is set")
    func red() async throws {
        try await served(isStarted: false) { host async throws in
            let red = "\u{1b}[31mtest/programs \(Self.notice)\u{1b}[0m"
            #expect(try await onTerminal("plugins list", host).contains(red))
            #expect(try await !onTerminal("plugins list", host, ["NO_COLOR": "1"]).contains("\u{1b}[31m"))
            #expect(try await onTerminal("plugins info test/programs", host).contains("\u{1b}[31mNOTICE"))
        }
    }

    /// What a command prints when it runs on a pseudo-terminal, script(1).
    private func onTerminal(_ command: String, _ host: RunningHost, _ more: [String: String] = [:]) async throws
        -> String
    {
        var environment = ["PATH": "/usr/bin:/bin", "PRAX_BUNDLED_PLUGINS": SourceTree.bundledPlugins]
        environment["LD_LIBRARY_PATH"] = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"]
        environment.merge(more) { $1 }
        let line = "'\(SourceTree.hostExecutable)' --root '\(host.root)' \(command)"
        return try await Blocking.run { [environment] in
            let program = try ChildProgram(["script", "-qec", line, "/dev/null"], environment: environment)
            _ = program.waitForExit()
            return program.output.wait()
        }
    }
}
