import Core
import Foundation

/// Libraries made by the C compiler of this machine.
enum ELFFixture {
    struct CompilerFailed: Error { let output: String }

    static var machine: ELFMachine {
        #if arch(arm64)
        .aarch64
        #else
        .x86_64
        #endif
    }

    static func library(_ source: String, _ flags: [String] = []) throws -> [UInt8] {
        try library(source, shared: ["-shared", "-fPIC"] + flags)
    }

    static func library(_ source: String, shared flags: [String]) throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "elf-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (input, output) = (folder.appending(path: "fixture.c"), folder.appending(path: "fixture.so"))
        try Data(source.utf8).write(to: input)
        let compiler = Process()
        let errors = Pipe()
        compiler.executableURL = URL(filePath: "/usr/bin/env")
        compiler.arguments = ["cc", "-O1", "-w", "-o", output.path, input.path] + flags
        compiler.standardError = errors
        try compiler.run()
        let message = errors.fileHandleForReading.readDataToEndOfFile()
        compiler.waitUntilExit()
        guard compiler.terminationStatus == 0 else {
            throw CompilerFailed(output: String(decoding: message, as: UTF8.self))
        }
        return [UInt8](try Data(contentsOf: output))
    }
}
