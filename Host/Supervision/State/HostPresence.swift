package import Core
import Glibc

/// Whether a host serves an installation at this moment.
package enum HostPresence {
    /// Tries the lock that a serving host holds; the kernel lets go of it however the host ends.
    package static func isServing(_ root: InstallationRoot) -> Bool {
        let file = open(root.serveLock, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return false }
        // Closing gives the lock back.
        defer { close(file) }
        return flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }
}
