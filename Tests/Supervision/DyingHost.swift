import Foundation
import TestSupport

/// The program and the library of Fixtures/, compiled once per run with the real CLinux.
struct DyingHost {
    struct DoesNotCompile: Error { let messages: String }

    /// How one run ended.
    struct Ending {
        let exitCode: Int32?
        let report: String
        let output: String
    }

    private static let built = Result { try build() }

    private let folder: ScratchFolder
    private let report = "\(UUID().uuidString).blame"

    init() throws { folder = try Self.built.get() }

    static func library() throws -> String { try built.get().path + "/plugin.so" }

    /// Runs the host until it dies of the plugin's `way`, blamed as `mode` says.
    func run(_ way: String, _ mode: String) throws -> Ending {
        let program = try start(way, mode)
        let exitCode = program.waitForExit()
        return Ending(exitCode: exitCode, report: text, output: program.output.wait())
    }

    func start(_ way: String, _ mode: String) throws -> ChildProgram {
        try ChildProgram(
            [folder.path + "/host", folder.path + "/" + report, folder.path + "/plugin.so", way, mode],
            environment: [:]
        )
    }

    /// What the host has written so far.
    var text: String { (try? String(contentsOfFile: folder.path + "/" + report, encoding: .utf8)) ?? "" }

    private static func build() throws -> ScratchFolder {
        let folder = try ScratchFolder()
        let linux = SourceTree.path("Host/CLibraries/CLinux")
        let fixtures = SourceTree.path("Tests/Supervision/Fixtures")
        let common = ["clang", "-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-pthread"]
        let sources = try FileManager.default.contentsOfDirectory(atPath: linux)
            .filter { $0.hasPrefix("Blame") && $0.hasSuffix(".c") }.map { linux + "/" + $0 }
        try run(common + ["-I\(linux)/include", "-o", folder.path + "/host", fixtures + "/dying_host.c"] + sources)
        // With frame pointers, as Swift makes its libraries.
        let library = ["-fno-omit-frame-pointer", "-shared", "-fPIC", "-o", folder.path + "/plugin.so"]
        try run(common + library + [fixtures + "/dying_plugin.c"])
        return folder
    }

    private static func run(_ arguments: [String]) throws {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin"
        let program = try ChildProgram(arguments, environment: ["PATH": path])
        guard program.waitForExit(seconds: 60) == 0 else { throw DoesNotCompile(messages: program.errors.wait()) }
    }
}
