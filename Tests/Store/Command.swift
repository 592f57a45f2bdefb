import Foundation
import TestSupport

/// One command, run to its end.
struct Command: Sendable {
    let exitCode: Int32?
    let output: String
    let errors: String

    /// Runs a command with the tests' own environment and these variables besides.
    static func run(
        _ arguments: [String],
        environment: [String: String] = [:],
        input: String = "",
        seconds: Double = 60
    ) async throws -> Command {
        try await Blocking.run {
            let own = ProcessInfo.processInfo.environment
            let program = try ChildProgram(arguments, environment: own.merging(environment) { $1 }, input: input)
            let output = program.output.wait(seconds: seconds)
            return Command(
                exitCode: program.waitForExit(seconds: seconds),
                output: output,
                errors: program.errors.wait(seconds: 5)
            )
        }
    }

    /// A command of the host with an installation of its own, which knows no store but the given one.
    static func host(
        _ arguments: [String],
        root: String,
        index: String,
        environment: [String: String] = [:]
    ) async throws -> Command {
        try await run(
            [SourceTree.hostExecutable] + arguments + ["--root", root],
            environment: environment.merging(["PRAX_STORE_INDEX": index, "SWIFT_BACKTRACE": "enable=no"]) { $1 }
        )
    }
}
