import Foundation
import TestSupport
import Testing

/// The exams that ordinary clients of others give the host, written in Python: `make lab` sets up what they need.
@Suite("Ordinary clients", .serialized) struct ClientTests {
    @Test("hear a whole answer or a clean error, however a provider fails", .timeLimit(.minutes(3)))
    func failover() async throws {
        try await play(["Tests/Acceptance/Failover/exam.py", "--quick"], seconds: 150)
    }

    @Test("of OpenAI and Anthropic work with the host as with their vendors", .timeLimit(.minutes(5)))
    func officialSDKs() async throws {
        try await play(["-m", "pytest", "-q", "-p", "no:cacheprovider", "Tests/Acceptance/SDK"], seconds: 240)
    }

    /// Runs Python with the host under test and expects it to end well.
    private func play(_ arguments: [String], seconds: Double) async throws {
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
