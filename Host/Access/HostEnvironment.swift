package import Core
import Foundation
import Storage

/// The host's variables: those of the process, and below them those of `config/.env`.
package struct HostEnvironment: Sendable {
    private let process: [String: Secret]
    private let file: EnvironmentFile
    /// What the operator should hear, such as a file that others can read.
    package let warnings: [String]

    /// The `.env` file at `path` may be missing.
    package init(process: [String: String], file path: String) throws {
        self.process = process.mapValues(Secret.init)
        file = try Self.read(path) ?? .empty
        warnings = Self.warnings(about: path)
    }

    /// The variable's value; nil if it is set nowhere.
    ///
    /// One that the process sets to nothing is nothing.
    package subscript(name: String) -> Secret? { process[name] ?? file[name] }

    /// Sets a variable in a `.env` file, which it makes if need be; comments and order stay, and the mode is 0600.
    package static func set(_ name: String, to value: Secret, in path: String) throws {
        let file = try read(path) ?? .empty
        do {
            let text = try file.text(setting: name, to: value)
            try PrivateFile.createFolder(URL(fileURLWithPath: path).deletingLastPathComponent().path)
            _ = try PrivateFile.write(Array(text.exposed.utf8), to: path, replacing: true)
        } catch let error as EnvironmentFileError {
            throw AccessError.environmentFile(path: path, error: error)
        }
    }

    private static func read(_ path: String) throws -> EnvironmentFile? {
        guard let handle = fopen(path, "re") else {
            guard errno == ENOENT else {
                throw AccessError.unreadable(path: path, reason: String(cString: strerror(errno)))
            }
            return nil
        }
        defer { fclose(handle) }
        var bytes = [UInt8](repeating: 0, count: EnvironmentFile.maxBytes + 1)
        let count = fread(&bytes, 1, bytes.count, handle)
        guard ferror(handle) == 0, let text = String(validating: bytes[..<count], as: UTF8.self) else {
            throw AccessError.unreadable(path: path, reason: "it is not UTF-8 text")
        }
        do {
            return try EnvironmentFile.parse(text)
        } catch {
            throw AccessError.environmentFile(path: path, error: error)
        }
    }

    private static func warnings(about path: String) -> [String] {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & 0o077 != 0 else { return [] }
        let mode = String(status.st_mode & 0o777, radix: 8)
        return ["\(path) has mode \(mode) and holds secrets that others can read; run `chmod 600 \(path)`"]
    }
}
