import Foundation

/// A lock on a folder between processes, held while its databases are opened.
///
/// The switch to WAL needs the file for itself and does not wait for the busy timeout; two hosts that start at once
/// would otherwise fail by chance.
enum FolderLock {
    static func whileHeld<Value>(on folder: String, _ body: () throws -> Value) throws -> Value {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw StorageError.cannotOpen(path: folder, reason: String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else {
                throw StorageError.cannotOpen(path: folder, reason: String(cString: strerror(errno)))
            }
        }
        return try body()
    }
}
