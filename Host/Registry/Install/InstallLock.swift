import Core
import Glibc

/// Held while plugins are changed.
///
/// The kernel lets go of it when the process ends, however it ends.
final class InstallLock: Sendable {
    private let file: OpenFile

    private init(file: OpenFile) { self.file = file }

    /// Closing is not enough: a child that is being started at this moment has the file open as well, until its exec.
    deinit { flock(file.descriptor, LOCK_UN) }

    static func take(_ layout: StoreLayout) throws -> InstallLock {
        _ = try Folder.make(layout.folder)
        let descriptor = open(layout.lockFile, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw RegistryError.system("\(layout.lockFile) cannot be opened", number: errno) }
        let file = OpenFile(descriptor: descriptor)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let text = String(decoding: (try? file.read(at: 0, count: 20)) ?? [], as: UTF8.self)
            let owner = Int(text.prefix { $0.isNumber }).map { "process \($0)" } ?? "another process"
            throw RegistryError(
                .locked,
                "locked",
                "\(owner) is changing the plugins of this installation.",
                hint: "Wait until it has ended, then try again."
            )
        }
        guard ftruncate(descriptor, 0) == 0 else { throw RegistryError.system("ftruncate of the lock", number: errno) }
        try file.write(Array("\(getpid())\n".utf8))
        return InstallLock(file: file)
    }
}
