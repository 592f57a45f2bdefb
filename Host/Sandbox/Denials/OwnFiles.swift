import Glibc

/// The few files of /proc that a worker's libraries cannot do without, which the host opens for it.
///
/// Landlock cannot grant them, since every new thread has new ones; granting /proc would show it every process of the
/// machine. libdispatch ends the process when it cannot read the state of its own threads, and with it all of Swift's
/// concurrency goes.
enum OwnFiles {
    /// Of the worker and its threads.
    private static let perThread: Set<String> = ["stat", "status", "statm", "maps", "comm"]
    /// Of the machine: processors, memory, load.
    private static let general: Set<String> = [
        "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/loadavg", "/proc/uptime", "/proc/version",
        "/proc/sys/vm/overcommit_memory",
    ]

    /// Opens the file that an absolute path of the worker means, -1 when it is none of these.
    static func open(_ path: [UInt8], _ view: WorkerView) -> Int32 {
        let text = String(decoding: path, as: UTF8.self)
        guard text.hasPrefix("/proc/") else { return -1 }
        if general.contains(text) { return Glibc.open(text, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).dropFirst(2)
        // `PID/stat`, where the number may be a thread's, or `PID/task/TID/stat`.
        guard let name = parts.last, perThread.contains(String(name)) else { return -1 }
        let numbers = parts.dropLast()
        guard numbers.count == 1 || (numbers.count == 3 && numbers.dropFirst().first == "task") else { return -1 }
        // Whatever number comes before it: only the worker's own threads are found there.
        guard let thread = numbers.last.flatMap({ Int32($0) }), thread > 0 else { return -1 }
        return view.open("task/\(thread)/\(name)")
    }
}
