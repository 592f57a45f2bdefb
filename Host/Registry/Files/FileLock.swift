import Glibc

/// A lock between processes that is held for moments, and waited for.
final class FileLock: Sendable {
    private let file: OpenFile

    private init(file: OpenFile) { self.file = file }

    deinit { flock(file.descriptor, LOCK_UN) }

    /// The lock in the file `name` of a folder, which is made.
    static func wait(_ folder: Folder, _ name: String) throws -> FileLock {
        let descriptor = open("\(folder.path)/\(name)", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw RegistryError.system("\(folder.path)/\(name) cannot be opened", number: errno)
        }
        let file = OpenFile(descriptor: descriptor)
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw RegistryError.system("flock of \(name)", number: errno) }
        }
        return FileLock(file: file)
    }
}
