import Foundation
import Glibc

/// Hears from the kernel that entries of folders came or went (inotify(7)).
enum FolderWatch {
    /// Entries that come and go.
    static let entries = UInt32(IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO)
    /// Those, and files that were written to.
    static let saves = entries | UInt32(IN_CLOSE_WRITE)

    /// Calls `changed` on a thread of its own, for the life of the process, after each change; false when the kernel
    /// does not grant a watch for every folder.
    @discardableResult
    static func start(
        _ folders: [String],
        for events: UInt32 = entries,
        changed: @escaping @Sendable () -> Void
    ) -> Bool {
        let descriptor = inotify_init1(Int32(IN_CLOEXEC))
        guard descriptor >= 0 else { return false }
        let watches = folders.map { inotify_add_watch(descriptor, $0, events) }
        Thread.detachNewThread {
            // What changed is of no interest: the folders are scanned as a whole. The buffer holds many events.
            var buffer = [UInt8](repeating: 0, count: 16_384)
            while read(descriptor, &buffer, buffer.count) > 0 || errno == EINTR { changed() }
        }
        return watches.allSatisfy { $0 >= 0 }
    }
}
