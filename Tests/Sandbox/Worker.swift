import Foundation
import TestSupport

/// One run of the child program: a host, and a worker of it that loads the library and tries one thing.
struct Worker {
    struct DoesNotCompile: Error { let messages: String }

    /// What both have said.
    let lines: [String]

    /// The library of Fixtures/, compiled once per run.
    private static let library = Result { try compile() }

    static func run(_ mode: String, _ attempt: String, _ arguments: String...) async throws -> Worker {
        try await run(mode, attempt, arguments)
    }

    static func run(_ mode: String, _ attempt: String, _ arguments: [String]) async throws -> Worker {
        let program = try start(mode, attempt, arguments)
        return try await Blocking.run {
            let text = program.output.wait(seconds: 60)
            return Worker(lines: text.split(separator: "\n").map { String($0) })
        }
    }

    static func start(_ mode: String, _ attempt: String, _ arguments: [String]) throws -> ChildProgram {
        let path = try library.get().path + "/attempts.so"
        return try ChildProgram([executable, "host", mode, path, attempt] + arguments, environment: [:])
    }

    /// What became of the attempt: `done`, or the name of an errno.
    var result: String { after("result ").first ?? "none" }
    /// `exit N` or `signal N`.
    var ending: String { lines.first { $0.hasPrefix("exit ") || $0.hasPrefix("signal ") } ?? "none" }
    /// `WHAT CALL ERRNO +DROPPED [TARGET]`, each.
    var denials: [String] { after("denial ") }
    /// `LAYER STATE [DETAIL]`, each.
    var layers: [String] { after("layer ") }
    var missing: String { after("missing ").first ?? "none" }

    func after(_ prefix: String) -> [String] {
        lines.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }

    /// Beside the bundle that holds these tests.
    private static let executable =
        CommandLine.arguments.first { $0.hasSuffix(".xctest") }
        .map { URL(filePath: $0).deletingLastPathComponent().path(percentEncoded: false) + "/SandboxProbeChild" }
        ?? SourceTree.path(".build/debug/SandboxProbeChild")

    private static func compile() throws -> ScratchFolder {
        let folder = try ScratchFolder()
        let source = SourceTree.path("Tests/Sandbox/Fixtures/attempts.c")
        let flags = ["-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-pthread"]
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin"
        let program = try ChildProgram(
            ["clang"] + flags + ["-o", folder.path + "/attempts.so", source],
            environment: ["PATH": path]
        )
        guard program.waitForExit(seconds: 60) == 0 else { throw DoesNotCompile(messages: program.errors.wait()) }
        return folder
    }
}

/// Whether this machine has every layer that the tests of the sandbox need; visible as the reason of what is skipped.
enum Machine {
    static let hasSandbox = SandboxLayers.available.isSuperset(of: ["landlock", "seccomp", "denials"])
    static let hasNamespaces = SandboxLayers.available.contains("namespaces")
    static let hasGroups = SandboxLayers.available.contains("cgroup")
}
