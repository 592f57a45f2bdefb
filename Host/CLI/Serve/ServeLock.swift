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
        guard lock(descriptor) else {
            close(descriptor)
            throw CommandFailure(
                .locked,
                "Another host serves \(root.path) already.",
                hint: "Stop it first, or serve another installation: prax-host --root DIR serve"
            )
        }
    }

    /// Tries for a little: a command that asks whether a host is serving holds the lock for a moment.
    private static func lock(_ descriptor: Int32) -> Bool {
        for _ in 0..<20 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
            usleep(5000)
        }
        return false
    }
}
