import Foundation

/// An empty installation and a shell that knows it, the debug host and the store of this repository.
struct TemporaryInstallation {
    static let packageRoot = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "praximous-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path + "/root/config", withIntermediateDirectories: true)
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to file: String) throws {
        try text.write(toFile: "\(path)/root/\(file)", atomically: true, encoding: .utf8)
    }

    /// Runs a script from the top of the repository; its two outputs come as one.
    func run(_ script: String) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", script]
        process.currentDirectoryURL = URL(fileURLWithPath: Self.packageRoot)
        var environment = ProcessInfo.processInfo.environment
        let host = environment["PRAX_HOST_BIN"] ?? Self.packageRoot + "/.build/debug/prax-host"
        try link(host)
        environment["PATH"] = "\(path)/bin:" + (environment["PATH"] ?? "")
        environment["PRAX_ROOT"] = path + "/root"
        environment["PRAX_BUNDLED_PLUGINS"] =
            environment["PRAX_BUNDLED_PLUGINS"] ?? Self.packageRoot + "/.build-plugins/tree"
        environment["PRAX_STORE_INDEX"] = Self.packageRoot + "/skills.json"
        process.environment = environment
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }

    private func link(_ host: String) throws {
        let folder = path + "/bin"
        guard !FileManager.default.fileExists(atPath: folder) else { return }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: folder + "/prax-host", withDestinationPath: host)
    }
}
