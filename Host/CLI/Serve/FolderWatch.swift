import Foundation
import Glibc

/// Hears from the kernel that entries of folders came or went (inotify(7)).
enum FolderWatch {
    /// Calls `changed` on a thread of its own, for the life of the process, after each change; never when the kernel
    /// grants no watch.
    static func start(_ folders: [String], changed: @escaping @Sendable () -> Void) {
        let descriptor = inotify_init1(Int32(IN_CLOEXEC))
        guard descriptor >= 0 else { return }
        let events = UInt32(IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO)
        for folder in folders { inotify_add_watch(descriptor, folder, events) }
        Thread.detachNewThread {
            // What changed is of no interest: the folders are scanned as a whole. The buffer holds many events.
            var buffer = [UInt8](repeating: 0, count: 16_384)
            while read(descriptor, &buffer, buffer.count) > 0 || errno == EINTR { changed() }
        }
    }
}
