import Foundation

/// Libraries made by the C compiler of this machine.
enum Compiler {
    struct Failed: Error { let output: String }

    /// Exports the entry symbol alone.
    ///
    /// Nothing in these tests runs it.
    static let plugin = Result {
        try library("__attribute__((visibility(\"default\"))) const void *prax_plugin_entry(void) { return 0; }")
    }

    static func library(_ source: String, _ flags: [String] = []) throws -> [UInt8] {
        try compile(source, ["-shared", "-fPIC", "-fvisibility=hidden"] + flags)
    }

    static func object(_ source: String) throws -> [UInt8] { try compile(source, ["-c", "-fPIC"]) }

    /// A program that does nothing.
    static func program(_ flags: [String]) throws -> [UInt8] { try compile("int main(void) { return 0; }", flags) }

    private static func compile(_ source: String, _ flags: [String]) throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "compile-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (input, output) = (folder.appending(path: "plugin.c"), folder.appending(path: "plugin.so"))
        try Data(source.utf8).write(to: input)
        let compiler = Process()
        let errors = Pipe()
        compiler.executableURL = URL(filePath: "/usr/bin/env")
        compiler.arguments = ["cc", "-O1", "-w", "-o", output.path, input.path] + flags
        compiler.standardError = errors
        try compiler.run()
        let message = errors.fileHandleForReading.readDataToEndOfFile()
        compiler.waitUntilExit()
        guard compiler.terminationStatus == 0 else { throw Failed(output: String(decoding: message, as: UTF8.self)) }
        return [UInt8](try Data(contentsOf: output))
    }
}
