import Core
import Foundation
import Glibc

/// What this user and this machine give a host: files, memory, disk.
struct LimitCheck {
    private static let wantedFiles: UInt = 1024
    private static let neededFiles: UInt = 256
    private static let wantedMemoryMB = 256
    private static let wantedDiskMB = 512
    private static let neededDiskMB = 64

    let root: InstallationRoot

    func findings() -> [Finding] { [openFiles(), addressSpace(), memory(), disk()].compactMap(\.self) }

    private func openFiles() -> Finding? {
        guard let limit = Self.limit(RLIMIT_NOFILE) else { return nil }
        let detail = "\(limit) may be open at once"
        if limit >= Self.wantedFiles { return .ok("open files", detail) }
        let fix = "raise it to \(Self.wantedFiles) or more: ulimit -n, or LimitNOFILE= of the service"
        return limit < Self.neededFiles
            ? .bad("open files", detail, fix: fix) : .note("open files", detail, fix: fix)
    }

    private func addressSpace() -> Finding? {
        guard let limit = Self.limit(RLIMIT_AS), limit != .max else { return nil }
        return .note(
            "address space",
            "limited to \(limit >> 20) MB for the host",
            fix: "lift it (ulimit -v unlimited); worker processes have limits of their own"
        )
    }

    private func memory() -> Finding? {
        guard let available = Self.availableMemoryMB() else { return nil }
        let detail = "\(available) MB available"
        guard available < Self.wantedMemoryMB else { return .ok("memory", detail) }
        return .note("memory", detail, fix: "give the machine or the container more; each worker may use 256 MB")
    }

    private func disk() -> Finding? {
        var place = root.dataFolder
        while !FileManager.default.fileExists(atPath: place), place.count > 1 {
            place = URL(fileURLWithPath: place).deletingLastPathComponent().path
        }
        var info = statvfs()
        guard statvfs(place, &info) == 0 else { return nil }
        let free = (Int(info.f_bavail) * Int(info.f_frsize)) >> 20
        let detail = "\(free) MB free for \(root.dataFolder)"
        if free >= Self.wantedDiskMB { return .ok("disk", detail) }
        let fix = "make room: without it calls are refused, since the audit log cannot be written"
        return free < Self.neededDiskMB ? .bad("disk", detail, fix: fix) : .note("disk", detail, fix: fix)
    }

    private static func limit(_ resource: __rlimit_resource) -> UInt? {
        var limit = rlimit()
        return getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 ? UInt(limit.rlim_cur) : nil
    }

    /// What the machine has to give, or what is left of the container's share when that is less.
    private static func availableMemoryMB() -> Int? {
        let lines = text("/proc/meminfo")?.split(separator: "\n") ?? []
        let line = lines.first { $0.hasPrefix("MemAvailable:") }
        guard let kilobytes = line?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else { return nil }
        let machine = kilobytes >> 10
        guard let limit = number("/sys/fs/cgroup/memory.max"), let used = number("/sys/fs/cgroup/memory.current") else {
            return machine
        }
        return min(machine, max(0, limit - used) >> 20)
    }

    private static func number(_ path: String) -> Int? {
        text(path).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }

    private static func text(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }
}
