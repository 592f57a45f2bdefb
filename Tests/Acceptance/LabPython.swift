import Foundation
import TestSupport
import Testing

/// Python programs of the tests, with the packages that `make lab` sets up.
enum LabPython {
    /// Runs one with the host under test, and expects it to end well.
    ///
    /// Arguments that begin with `Tests/` are paths of the repository.
    static func play(_ arguments: [String], seconds: Double) async throws {
        let python = SourceTree.path(".build-lab/sdk/bin/python")
        try #require(FileManager.default.fileExists(atPath: python), "the clients are not installed: make lab")
        let arguments = arguments.map { $0.hasPrefix("Tests/") ? SourceTree.path($0) : $0 }
        var environment = ProcessInfo.processInfo.environment
        environment["PRAX_HOST_BIN"] = SourceTree.hostExecutable
        environment["PRAX_BUNDLED_PLUGINS"] = SourceTree.bundledPlugins
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
        environment["PYTHONUNBUFFERED"] = "1"
        let given = environment
        let (exitCode, output) = try await Blocking.run {
            let program = try ChildProgram([python] + arguments, environment: given)
            let exitCode = program.waitForExit(seconds: seconds)
            if exitCode == nil { program.signal(SIGTERM) }
            return (exitCode, program.output.wait() + program.errors.wait())
        }
        #expect(exitCode == 0, "\(output)")
    }
}
