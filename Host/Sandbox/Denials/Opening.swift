import CLinux
import Glibc

/// How a call means to open a path.
struct Opening {
    let isWriting: Bool
    /// Whether the file may be missing: then its folder counts.
    let mayMake: Bool
    /// O_PATH opens nothing: no right is needed.
    let isOnlyAName: Bool
    /// Opened for reading, and emptied all the same.
    let onlyTruncates: Bool
    /// Opened to be read, as a file.
    let isPlainReading: Bool
    let closesOnExec: Bool

    init(_ rule: CallRule, _ call: prax_notification, _ view: WorkerView) {
        let words = call.words
        let flags: UInt64?
        switch rule.call {
        case "open": flags = words[1]
        case "openat": flags = words[2]
        // The first field of struct open_how.
        case "openat2": flags = view.word(at: words[2]) ?? UInt64(O_RDONLY)
        default: flags = nil
        }
        guard let flags else {
            isWriting = true
            mayMake = !["truncate", "rmdir", "unlink", "unlinkat"].contains(rule.call)
            isOnlyAName = false
            onlyTruncates = false
            isPlainReading = false
            closesOnExec = false
            return
        }
        let word = Int32(truncatingIfNeeded: flags)
        isOnlyAName = word & OpenFlag.path != 0
        mayMake = word & O_CREAT != 0
        isWriting = word & O_ACCMODE != O_RDONLY || word & O_TRUNC != 0 || mayMake
        onlyTruncates = word & (O_ACCMODE | O_TRUNC) == O_TRUNC
        isPlainReading = !isWriting && word & (OpenFlag.path | O_DIRECTORY) == 0
        closesOnExec = word & O_CLOEXEC != 0
    }

    private enum OpenFlag {
        /// O_PATH, which is behind _GNU_SOURCE; the same on x86-64 and arm64.
        static let path: Int32 = 0o10_000_000
    }
}
