import Foundation
import Glibc
import PraximousJSON
import Synchronization

/// One small file of the host's memory: private, and either wholly there or not at all.
enum StateFile {
    /// Nothing the host writes comes near it; what is larger was not written by the host.
    static let maxBytes = 64 << 10

    private static let drafts = Atomic(0)

    static func makeFolder(_ path: String) throws(StateError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw .cannotWrite(path: path, reason: error.localizedDescription)
        }
    }

    /// Writes the file so that a reader sees all of it or the one before, and a power cut leaves one of the two.
    static func write(_ json: JSON, to path: String) throws(StateError) {
        let draft = "\(path).\(getpid())-\(drafts.add(1, ordering: .relaxed).newValue).draft"
        do throws(StateError) {
            try create(draft, json.encoded() + [UInt8(ascii: "\n")])
            guard rename(draft, path) == 0 else { throw failure(path) }
        } catch {
            unlink(draft)
            throw error
        }
        try syncFolder(of: path)
    }

    /// The object in a file; nil when there is no such file.
    static func read(_ path: String) throws(StateError) -> JSONObject? {
        guard let bytes = try bytes(of: path) else { return nil }
        do {
            guard let object = try JSON.parse(bytes).objectValue else {
                throw StateError.malformed(path: path, reason: "it holds no JSON object")
            }
            return object
        } catch let error as StateError {
            throw error
        } catch {
            throw .malformed(path: path, reason: "it is not JSON, \(error)")
        }
    }

    static func bytes(of path: String) throws(StateError) -> [UInt8]? {
        // A link would lead elsewhere; a FIFO would wait for ever.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard file >= 0 else {
            if errno == ENOENT { return nil }
            throw .cannotRead(path: path, reason: systemReason())
        }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: maxBytes + 1)
        let count = Glibc.read(file, &bytes, bytes.count)
        guard count >= 0 else { throw .cannotRead(path: path, reason: systemReason()) }
        guard count <= maxBytes else { throw .malformed(path: path, reason: "it has more than \(maxBytes) bytes") }
        return Array(bytes.prefix(count))
    }

    /// Removes the file for good; false when there was none.
    @discardableResult
    static func remove(_ path: String) throws(StateError) -> Bool {
        guard unlink(path) == 0 else {
            if errno == ENOENT { return false }
            throw failure(path)
        }
        try syncFolder(of: path)
        return true
    }

    /// The names of the files in a folder, sorted; none when there is no such folder.
    static func names(in folder: String) throws(StateError) -> [String] {
        guard let entries = opendir(folder) else {
            if errno == ENOENT { return [] }
            throw .cannotRead(path: folder, reason: systemReason())
        }
        defer { closedir(entries) }
        var names: [String] = []
        while let entry = Glibc.readdir(entries) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
                field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != "..", !name.hasSuffix(".draft") { names.append(name) }
        }
        return names.sorted()
    }

    /// Makes a file of mode 0600 with these bytes on the disk.
    static func create(_ path: String, _ bytes: [UInt8]) throws(StateError) {
        let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard file >= 0 else { throw failure(path) }
        defer { close(file) }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            guard count > 0 else { throw failure(path) }
            written += count
        }
        guard fsync(file) == 0 else { throw failure(path) }
    }

    /// A name is on the disk only when its folder is.
    private static func syncFolder(of path: String) throws(StateError) {
        let folder = path[..<(path.lastIndex(of: "/") ?? path.startIndex)]
        let descriptor = open(String(folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(path) }
    }

    private static func failure(_ path: String) -> StateError { .cannotWrite(path: path, reason: systemReason()) }

    private static func systemReason() -> String { String(cString: strerror(errno)) }
}
