import Foundation

/// `write` under a name that the type's own `write` does not hide.
private let systemWrite: @Sendable (Int32, UnsafeRawPointer?, Int) -> Int = { write($0, $1, $2) }

/// Files and folders that belong to the installation's user alone.
package enum PrivateFile {
    /// Makes the folder, and those above it, readable for their owner only.
    package static func createFolder(_ path: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw StorageError.cannotCreate(path: path, reason: "\(error.localizedDescription)")
        }
    }

    /// Makes an empty file of mode 0600 unless there is one; SQLite gives its `-wal` and `-shm` the same mode.
    ///
    /// One that is there is not opened: closing it again would drop the locks that SQLite holds on it for other
    /// connections of this process (fcntl(2)), and the next process to leave would delete the log they write to.
    package static func createEmpty(_ path: String) throws {
        let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if file < 0, errno == EEXIST { return }
        guard file >= 0 else { throw StorageError.cannotCreate(path: path, reason: systemReason()) }
        close(file)
    }

    /// Writes a file of mode 0600 so that a reader sees all of it or nothing, and a crash leaves the old one.
    ///
    /// With `replacing: false` an existing file stays and the answer is false.
    package static func write(_ bytes: [UInt8], to path: String, replacing: Bool) throws -> Bool {
        let draft = "\(path).\(UUID().uuidString).draft"
        defer { unlink(draft) }
        try writeNew(bytes, to: draft)
        if replacing {
            guard rename(draft, path) == 0 else {
                throw StorageError.cannotCreate(path: path, reason: systemReason())
            }
        } else if link(draft, path) != 0 {
            guard errno == EEXIST else { throw StorageError.cannotCreate(path: path, reason: systemReason()) }
            return false
        }
        try syncFolder(of: path)
        return true
    }

    private static func writeNew(_ bytes: [UInt8], to path: String) throws {
        let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw StorageError.cannotCreate(path: path, reason: systemReason()) }
        defer { close(file) }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { systemWrite(file, $0.baseAddress, $0.count) }
            guard count > 0 else { throw StorageError.cannotCreate(path: path, reason: systemReason()) }
            written += count
        }
        guard fsync(file) == 0 else { throw StorageError.cannotCreate(path: path, reason: systemReason()) }
    }

    /// A new name is on disk only when its folder is.
    private static func syncFolder(of path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StorageError.cannotCreate(path: path, reason: systemReason()) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw StorageError.cannotCreate(path: path, reason: systemReason()) }
    }

    private static func systemReason() -> String { String(cString: strerror(errno)) }
}
