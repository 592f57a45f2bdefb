import Glibc
import Synchronization

/// Where a test ends this process as a power cut would: before each change of the installation's files.
///
/// Every change goes through `Folder` and `OpenFile`, so the points are counted there, and a new step of an install or
/// a rollback has its points without naming them. `PRAX_CRASH_AT` is the number of the fatal one, from 1. Builds for
/// release have none of this.
enum CrashPoint {
    #if DEBUG
    private static let fatal = getenv("PRAX_CRASH_AT").flatMap { Int(String(cString: $0)) }
    private static let count = Atomic(0)
    #endif

    /// `change` is what would have happened next; it is the last thing the process says.
    static func reached(_ change: @autoclosure () -> String) {
        #if DEBUG
        guard let fatal, count.wrappingAdd(1, ordering: .relaxed).newValue == fatal else { return }
        let line = Array("crash point \(fatal): \(change())\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
        kill(getpid(), SIGKILL)
        #endif
    }
}
