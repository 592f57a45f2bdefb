import Core
import Foundation
import Registry

/// Builds a project's library and puts it where skill.yaml says.
struct ProjectBuild {
    let project: PluginProject
    let platform: String
    var keepsDebugInfo = false
    /// Told of each command before it runs.
    var willRun: ([String]) -> Void = { _ in }

    /// Returns the library's path.
    ///
    /// The compilers' words go to standard error. Blocks.
    func run() throws -> String {
        let library = try project.library(for: platform)
        let sdk = try PluginSDK.find()
        let files = FileManager.default
        try files.createDirectory(atPath: project.scratch + "/sdk", withIntermediateDirectories: true)
        let target = URL(fileURLWithPath: library)
        try files.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        let new = "\(project.scratch)/\(platform)-\(target.lastPathComponent)"
        let compilation = Compilation(
            project: project,
            sdk: sdk,
            platform: platform,
            keepsDebugInfo: keepsDebugInfo
        )
        for command in try compilation.commands(writing: new) {
            willRun(command)
            try Self.run(command)
        }
        if project.language == .swift { try SwiftModuleStamp(folder: project.scratch + "/sdk", sdk: sdk).write() }
        // In one step: a host may be looking at the folder, or have the old one in memory.
        guard rename(new, library) == 0 else {
            throw CommandFailure(.internalError, "\(library) cannot be written: \(String(cString: strerror(errno))).")
        }
        return library
    }

    private static func run(_ command: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: command[0])
        process.arguments = Array(command.dropFirst())
        process.standardInput = FileHandle.nullDevice
        // Standard output is for results.
        process.standardOutput = FileHandle.standardError
        try process.run()
        process.waitUntilExit()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            throw CommandFailure(
                .incompatible,
                "\(command[0]) ended with \(process.terminationStatus): the library was not built.",
                hint: "Mend what it says above; `prax-host plugins build -v` shows the whole command.",
                code: "build_failed"
            )
        }
    }
}
