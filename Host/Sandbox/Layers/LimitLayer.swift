import CLinux
import Glibc

/// The limits of setrlimit(2), soft and hard alike.
///
/// Not RLIMIT_NPROC: it counts the processes of a user, the host's threads among them, and does not bind root.
enum LimitLayer {
    /// Timers and queued signals, of which a user has so many for all processes together.
    private static let maxSignals = 1024

    static func apply(_ profile: SandboxProfile) -> LayerReport {
        prax_malloc_few_arenas()
        prax_set_default_stack(profile.threadStackBytes)
        var failures: [String] = []
        func limit(_ name: String, _ resource: __rlimit_resource, _ value: Int) {
            if let problem = set(resource, value) { failures.append("\(name): \(problem)") }
        }
        limit("CORE", RLIMIT_CORE, 0)
        limit("FSIZE", RLIMIT_FSIZE, profile.maxFileBytes)
        limit("MEMLOCK", __RLIMIT_MEMLOCK, profile.maxLockedBytes)
        limit("SIGPENDING", __RLIMIT_SIGPENDING, maxSignals)
        limit("MSGQUEUE", __RLIMIT_MSGQUEUE, 0)
        limit("RTPRIO", __RLIMIT_RTPRIO, 0)
        limit("NICE", __RLIMIT_NICE, 0)
        if !profile.limitsFilesLater { limit("NOFILE", RLIMIT_NOFILE, openDescriptors() + profile.openFiles) }
        var memory = "\(profile.memoryBytes >> 20) MiB more memory"
        if prax_has_sanitizer() != 0 {
            memory = "memory unlimited under the sanitizer"
        } else if let size = addressSpaceBytes() {
            limit("AS", RLIMIT_AS, size.addingClamped(profile.memoryBytes))
        } else {
            failures.append("AS: /proc/self/statm cannot be read")
        }
        guard failures.isEmpty else { return LayerReport(.limits, .failed, failures.joined(separator: ", ")) }
        return LayerReport(.limits, .applied, "\(memory), \(profile.openFiles) more descriptors, no core dumps")
    }

    /// Limits the descriptors when everything has been sent that must be; what went wrong.
    static func limitFiles(_ count: Int) -> String? { set(RLIMIT_NOFILE, count) }

    /// What went wrong; a limit that is tighter already stays.
    private static func set(_ resource: __rlimit_resource, _ value: Int) -> String? {
        var current = rlimit()
        guard getrlimit(__rlimit_resource_t(resource.rawValue), &current) == 0 else { return errorText(errno) }
        let wanted = min(rlim_t(max(0, value)), current.rlim_max)
        var limit = rlimit(rlim_cur: wanted, rlim_max: wanted)
        return setrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 ? nil : errorText(errno)
    }

    /// The first number of /proc/self/statm, in pages.
    ///
    /// A Swift program maps far more than it uses.
    private static func addressSpaceBytes() -> Int? {
        guard let text = TextFile.read("/proc/self/statm", maxBytes: 256) else { return nil }
        return text.split(separator: " ").first.flatMap { Int($0) }.map { $0 * Int(getpagesize()) }
    }

    /// How many descriptors are open; 3 when that cannot be told.
    private static func openDescriptors() -> Int {
        guard let folder = opendir("/proc/self/fd") else { return 3 }
        defer { closedir(folder) }
        // `.`, `..` and the folder's own are not counted.
        var count = -3
        while readdir(folder) != nil { count += 1 }
        return max(3, count)
    }
}

extension Int {
    fileprivate func addingClamped(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
