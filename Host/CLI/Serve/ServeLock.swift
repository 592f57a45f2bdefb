import Core
import Glibc

/// Keeps a second host from serving the same installation: each would answer for plugins and an audit log that the
/// other one changes.
///
/// The kernel gives the lock back when the process ends, however it ends.
enum ServeLock {
    static func take(_ root: InstallationRoot) throws {
        let path = root.dataFolder + "/serve.lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure(.refused, "\(path) cannot be opened: \(String(cString: strerror(errno))).")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw CommandFailure(
                .locked,
                "Another host serves \(root.path) already.",
                hint: "Stop it first, or serve another installation: prax-host --root DIR serve"
            )
        }
    }
}
