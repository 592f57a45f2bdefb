import Glibc
import Synchronization

/// The place where workers get control groups: the kernel counts their memory and their threads there.
///
/// In version 2 of the kernel's interface that is the host's own group, when it was delegated to it; in version 1 the
/// host's groups of the memory and the pids controllers.
package final class ControlGroups: Sendable {
    /// What a worker may use in all.
    package struct Limits: Sendable, Hashable {
        package var memoryBytes: Int
        /// Threads; a process has at least one.
        package var threads: Int

        package init(memoryBytes: Int, threads: Int) {
            self.memoryBytes = memoryBytes
            self.threads = threads
        }
    }

    let layout: ControlGroupLayout
    private let process: Int32

    init(layout: ControlGroupLayout, process: Int32) {
        self.layout = layout
        self.process = process
    }

    /// Finds the place, and in version 2 makes it ready: the host moves itself into a group below, `praximous-host`,
    /// but only when nobody else is in its group.
    ///
    /// Once, when the host starts and before it has children. What dead hosts have left is removed.
    package static func prepare() throws(ControlGroupError) -> ControlGroups {
        let layout = try ControlGroupLayout.find(ownMounts)
        try layout.makeReady(process: getpid())
        let groups = ControlGroups(layout: layout, process: getpid())
        groups.sweep()
        return groups
    }

    /// Whether ``prepare()`` would do, without doing it.
    package static func probe() -> LayerReport {
        do throws(ControlGroupError) {
            let layout = try ControlGroupLayout.find(ownMounts)
            try layout.check(process: getpid())
            return LayerReport(.controlGroup, .available, layout.description)
        } catch {
            return LayerReport(.controlGroup, .unavailable, error.description, fix: error.fix)
        }
    }

    private static var ownMounts: ControlGroupMounts {
        ControlGroupMounts(
            mountinfo: TextFile.read("/proc/self/mountinfo", maxBytes: 4 << 20) ?? "",
            groups: TextFile.read("/proc/self/cgroup") ?? ""
        )
    }

    /// Makes a group with these limits; nil for one that is to get them when it is made again.
    ///
    /// `id` is unique in this host: letters, digits, `-` and `_`.
    package func make(id: String, limits: Limits?) throws(ControlGroupError) -> ControlGroup {
        let name = "praximous-\(process)-\(id)"
        let group = ControlGroup(layout: layout, name: name)
        do throws(ControlGroupError) {
            for folder in layout.folders(name) {
                guard mkdir(folder, 0o755) == 0 || errno == EEXIST else {
                    throw .cannotMake(path: folder, reason: errorText(errno))
                }
            }
            for setting in limits.map({ layout.settings(name, $0) }) ?? [] {
                let result = TextFile.write(setting.value, to: setting.path)
                // Without swap, or without counting it, there is no such file.
                guard result == 0 || (setting.isOptional && result != ENOSPC) else {
                    throw .cannotLimit(path: setting.path, reason: errorText(result))
                }
            }
        } catch {
            group.remove()
            throw error
        }
        return group
    }

    /// Removes the groups of hosts that are no more, and those of this number that an earlier host had.
    private func sweep() {
        for parent in layout.parents {
            for name in FolderListing.names(in: parent) where isStale(name) {
                _ = rmdir(parent + "/" + name)
            }
        }
    }

    private func isStale(_ name: String) -> Bool {
        let parts = name.split(separator: "-", maxSplits: 2)
        guard parts.count == 3, parts[0] == "praximous", let owner = pid_t(parts[1]), owner > 0 else { return false }
        return owner == process || (kill(owner, 0) != 0 && errno == ESRCH)
    }
}

/// The entries of a folder.
enum FolderListing {
    static func names(in path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
