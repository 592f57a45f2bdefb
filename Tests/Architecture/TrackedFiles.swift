import Foundation
import TestSupport

/// What git tracks of this tree.
enum TrackedFiles {
    struct Unknown: Error { let message: String }

    static var areKnown: Bool { FileManager.default.fileExists(atPath: SourceTree.path(".git")) }

    static func paths() throws -> [String] {
        // The tree may belong to someone else, as in a container.
        let command = ["git", "-c", "safe.directory=*", "-C", SourceTree.root, "ls-files", "-z"]
        let git = try ChildProgram(command, environment: ProcessInfo.processInfo.environment)
        let output = git.output.wait()
        guard git.waitForExit() == 0, !output.isEmpty else { throw Unknown(message: git.errors.wait()) }
        return output.split(separator: "\0").map(String.init)
    }

    /// Those that are there and are text.
    static func texts() throws -> [SourceFile] {
        try paths().filter { !$0.hasSuffix(".gz") && FileManager.default.fileExists(atPath: SourceTree.path($0)) }
            .map { try SourceFile(reading: $0) }
    }
}
