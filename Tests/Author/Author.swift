import Foundation
import TestSupport

/// An author at work: a folder of his own, the host's commands, a compiler.
final class Author: Sendable {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    func path(_ name: String) -> String { scratch.path + "/" + name }

    /// Runs a command of the host in the author's folder.
    func host(_ arguments: String..., environment: [String: String] = [:]) async throws -> Command {
        try await host(arguments, environment: environment)
    }

    func host(_ arguments: [String], environment: [String: String] = [:]) async throws -> Command {
        let variables = ["SWIFT_BACKTRACE": "enable=no", "PRAX_ROOT": path("root")]
        return try await Command.run(
            [SourceTree.hostExecutable] + arguments,
            environment: variables.merging(environment) { $1 },
            seconds: 300
        )
    }

    /// A project of the fixture that is wrong in the way of one macro; with nil it is right.
    ///
    /// `manifest` changes skill.yaml, `ldflags` how it is linked.
    func faulty(
        _ macro: String? = nil,
        ldflags: String = "",
        manifest: [String: String] = [:]
    ) async throws -> String {
        let folder = path("faulty-" + UUID().uuidString)
        try FileManager.default.createDirectory(atPath: folder + "/src", withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            atPath: SourceTree.path("Tests/Author/Fixtures/faulty.c"),
            toPath: folder + "/src/plugin.c"
        )
        var text = try String(contentsOfFile: SourceTree.path("Tests/Author/Fixtures/skill.yaml"), encoding: .utf8)
        for (old, new) in manifest { text = text.replacingOccurrences(of: old, with: new) }
        try text.write(toFile: folder + "/skill.yaml", atomically: true, encoding: .utf8)
        let build = try await host(
            "plugins",
            "build",
            folder,
            environment: ["CFLAGS": macro.map { "-D" + $0 } ?? "", "LDFLAGS": ldflags]
        )
        guard build.exitCode == 0 else { throw Failed(command: build) }
        return folder
    }

    struct Failed: Error { let command: Command }
}

/// One command, run to its end.
struct Command: Sendable {
    let exitCode: Int32?
    let output: String
    let errors: String

    static func run(_ arguments: [String], environment: [String: String], seconds: Double) async throws -> Command {
        try await Blocking.run {
            let own = ProcessInfo.processInfo.environment
            let program = try ChildProgram(arguments, environment: own.merging(environment) { $1 })
            let output = program.output.wait(seconds: seconds)
            return Command(
                exitCode: program.waitForExit(seconds: seconds),
                output: output,
                errors: program.errors.wait(seconds: 5)
            )
        }
    }
}

/// Which languages this machine has a compiler for.
enum Language {
    private static let compilers = ["c": "cc", "cpp": "c++", "rust": "rustc", "swift": "swiftc"]

    static func isThere(_ name: String) -> Bool {
        guard let compiler = compilers[name] else { return false }
        return ProcessInfo.processInfo.environment["PATH", default: ""].split(separator: ":").contains {
            FileManager.default.isExecutableFile(atPath: "\($0)/\(compiler)")
        }
    }
}
