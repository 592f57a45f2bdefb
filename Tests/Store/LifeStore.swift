import Foundation
import PraximousJSON
import TestSupport

/// A private store of C plugins in several versions, made with the host's own commands: the echo skill under other
/// names, each version of which says in its answer which one it is.
struct LifeStore {
    struct Failed: Error { let command: Command }

    let scratch: ScratchFolder
    var index: String { scratch.path + "/out" }
    /// `store:` of an installation that trusts this store alone.
    let configuration: String

    init() async throws {
        let scratch = try ScratchFolder()
        let keygen = try await Self.run([
            SourceTree.hostExecutable, "registry", "keygen", "--out", scratch.path + "/key",
        ])
        let key = keygen.output.split(separator: "\n").last.map(String.init) ?? ""
        configuration = "store: { index: \(scratch.path)/out, keys: [\"\(key)\"] }\n"
        self.scratch = scratch
    }

    /// Adds a version of a package, such as `acme/one`, and its sources stay for the next build.
    func add(_ name: String, _ version: String, _ more: String = "") async throws {
        let short = name.split(separator: "/").last.map(String.init) ?? name
        let folder = "sources/\(short)-\(version)"
        var manifest = try String(contentsOfFile: SourceTree.path("Plugins/Skills/echo/skill.yaml"), encoding: .utf8)
        if more.contains("min_host") { manifest = manifest.replacing("min_host: 0.1.0\n", with: "") }
        manifest = manifest.replacing("name: praximous/echo", with: "name: \(name)")
            .replacing("version: 1.0.0", with: "version: \(version)")
            .replacing("task_type: echo", with: "task_type: \(short)")
            .replacing(#/entry: .*/#, with: "entry: { linux-x86_64: lib/linux-x86_64/skill.so }")
        try scratch.write(manifest + more + "\n", to: folder + "/skill.yaml")
        let source = try String(contentsOfFile: SourceTree.path("Plugins/Skills/echo/echo.c"), encoding: .utf8)
            .replacing("praximous/echo", with: name).replacing("INIT(\"1.0.0\")", with: "INIT(\"\(version)\")")
            .replacing("\\\"message\\\":\\\"", with: "\\\"message\\\":\\\"\(version) ")
        let input = try scratch.write(source, to: "c/\(short)-\(version).c")
        let output = try scratch.write("", to: folder + "/lib/linux-x86_64/skill.so")
        _ = try await Self.run([
            "cc", "-std=c11", "-O1", "-fPIC", "-fvisibility=hidden", "-shared",
            "-I" + SourceTree.path("PluginAPI/include"),
            "-Wl,--version-script=" + SourceTree.path("PluginAPI/exports.map"), "-o", output, input,
        ])
    }

    /// Builds and signs the index of everything that was added; the same time makes the same packages.
    func publish(_ version: Int) async throws {
        _ = try await Self.run([
            SourceTree.hostExecutable, "registry", "build", "--sources", scratch.path + "/sources", "--out",
            index + "/registry", "--key", scratch.path + "/key", "--index-version", "\(version)", "--generated",
            "2026-11-01", "--expires", "2036-11-01",
        ])
    }

    /// Lends an installation that knows this store.
    func with<Result>(
        isStarted: Bool = false,
        _ body: (RunningHost) async throws -> Result
    ) async throws -> Result {
        try await RunningHost.with(config: configuration, isStarted: isStarted, body)
    }

    private static func run(_ arguments: [String]) async throws -> Command {
        let command = try await Command.run(arguments)
        guard command.exitCode == 0 else { throw Failed(command: command) }
        return command
    }
}

extension RunningHost {
    /// A plugin of the list, as JSON text would show it: `VERSION STATE`.
    func standing(_ name: String) async throws -> String? {
        let list = try await cli(["plugins", "list", "--json"])
        let plugins = (try? JSON.parse(list.output))?["plugins"]?.arrayValue ?? []
        let found = plugins.first { $0["name"]?.stringValue == name }
        return found.map { "\($0["version"]?.stringValue ?? "") \($0["state"]?.stringValue ?? "")" }
    }

    /// Operation, subject, error code and principal of the audit events about plugins, the oldest first.
    func pluginEvents() async throws -> [String] {
        let list = try await cli(["audit", "list", "--json", "--limit", "100"])
        let events = (try? JSON.parse(list.output))?["events"]?.arrayValue ?? []
        return events.filter { $0["kind"] == "admin" }.reversed().map { event in
            [event["operation"], event["provider"], event["error_code"]].compactMap { $0?.stringValue }
                .joined(separator: " ")
        }
    }
}
