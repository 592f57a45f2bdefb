import Foundation

/// A program that has run to its end.
struct Command {
    let status: Int32
    /// Standard output and standard error, as they came.
    let output: String

    /// Runs a program from the PATH in the root of the repository.
    static func run(
        _ arguments: [String],
        environment: [String: String] = [:]
    ) throws -> Command {
        let scratch = try Scratch()
        let captured = scratch.file("output")
        try Data().write(to: URL(filePath: captured))
        let handle = try FileHandle(forWritingTo: URL(filePath: captured))
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: Repository.root)
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        process.waitUntilExit()
        try handle.close()
        let output = try Data(contentsOf: URL(filePath: captured))
        return Command(status: process.terminationStatus, output: String(decoding: output, as: UTF8.self))
    }

    static func isAvailable(_ program: String) -> Bool {
        let folders = ProcessInfo.processInfo.environment["PATH", default: ""].split(separator: ":")
        return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(program)") }
    }
}

/// The host under test, when it has been built.
enum PraxHost {
    static let path: String? = {
        let path =
            ProcessInfo.processInfo.environment["PRAX_HOST_BIN"] ?? Repository.path(".build/debug/prax-host")
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }()

    static var isBuilt: Bool { path != nil }
}
