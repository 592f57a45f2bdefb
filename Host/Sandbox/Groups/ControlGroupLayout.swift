import Glibc

/// Which of the kernel's two interfaces there is, and its files.
enum ControlGroupLayout: Sendable, Hashable, CustomStringConvertible {
    /// Version 2: one tree.
    case unified(String)
    /// Version 1: a tree for each controller.
    case split(memory: String, pids: String)

    struct Setting: Hashable {
        let path: String
        let value: String
        var isOptional = false
    }

    private static let controllers = ["memory", "pids"]
    /// Where the host itself goes in version 2.
    static let hostGroup = "praximous-host"

    static func find(_ mounts: ControlGroupMounts) throws(ControlGroupError) -> ControlGroupLayout {
        if let unified = mounts.unified {
            let offered = words(in: unified + "/cgroup.controllers")
            if controllers.allSatisfy(offered.contains) { return .unified(base(of: unified)) }
        }
        if let memory = mounts.byController["memory"], let pids = mounts.byController["pids"] {
            return .split(memory: memory, pids: pids)
        }
        throw .noControllers(missing: controllers.filter { mounts.byController[$0] == nil })
    }

    /// A host that was started by a host, as after a restart, is in the group that the first moved into.
    private static func base(of group: String) -> String {
        group.hasSuffix("/" + hostGroup) ? String(group.dropLast(hostGroup.utf8.count + 1)) : group
    }

    /// The folders in which groups are made.
    var parents: [String] {
        switch self {
        case .unified(let path): [path]
        case .split(let memory, let pids): memory == pids ? [memory] : [memory, pids]
        }
    }

    func folders(_ name: String) -> [String] { parents.map { $0 + "/" + name } }

    var description: String {
        switch self {
        case .unified: "version 2: memory and threads counted"
        case .split: "version 1: memory and threads counted"
        }
    }

    /// In the order in which they must be written: version 1 takes no limit with swap below the one without.
    func settings(_ name: String, _ limits: ControlGroups.Limits) -> [Setting] {
        let memory = String(limits.memoryBytes)
        let threads = String(limits.threads)
        switch self {
        case .unified(let path):
            let group = path + "/" + name
            return [
                Setting(path: group + "/memory.max", value: memory),
                Setting(path: group + "/memory.swap.max", value: "0", isOptional: true),
                // The worker as a whole, should it ever be more than one process.
                Setting(path: group + "/memory.oom.group", value: "1", isOptional: true),
                Setting(path: group + "/pids.max", value: threads),
            ]
        case .split(let memoryParent, let pidsParent):
            let group = memoryParent + "/" + name
            return [
                Setting(path: group + "/memory.limit_in_bytes", value: memory),
                Setting(path: group + "/memory.memsw.limit_in_bytes", value: memory, isOptional: true),
                Setting(path: pidsParent + "/" + name + "/pids.max", value: threads),
            ]
        }
    }

    /// The file, and the word before the number, that counts the kills for want of memory.
    func killCounter(_ name: String) -> (path: String, word: String) {
        switch self {
        case .unified(let path): (path + "/" + name + "/memory.events", "oom_kill")
        case .split(let memory, _): (memory + "/" + name + "/memory.oom_control", "oom_kill")
        }
    }

    /// Whether the host may make groups here.
    func check(process: Int32) throws(ControlGroupError) {
        for parent in parents {
            guard access(parent, W_OK) == 0 else {
                throw .notDelegated(path: parent, reason: errorText(errno))
            }
        }
        guard case .unified(let path) = self, !handsOn(path) else { return }
        for file in ["/cgroup.procs", "/cgroup.subtree_control"] where access(path + file, W_OK) != 0 {
            throw .notDelegated(path: path + file, reason: errorText(errno))
        }
        guard Self.words(in: path + "/cgroup.procs").allSatisfy({ $0 == String(process) }) else {
            throw .shared(path: path)
        }
    }

    func makeReady(process: Int32) throws(ControlGroupError) {
        try check(process: process)
        guard case .unified(let path) = self, !handsOn(path) else { return }
        let own = path + "/" + Self.hostGroup
        guard mkdir(own, 0o755) == 0 || errno == EEXIST else { throw .cannotMake(path: own, reason: errorText(errno)) }
        let moved = TextFile.write(String(process), to: own + "/cgroup.procs")
        guard moved == 0 else { throw .cannotLimit(path: own + "/cgroup.procs", reason: errorText(moved)) }
        let handedOn = TextFile.write("+memory +pids", to: path + "/cgroup.subtree_control")
        guard handedOn == 0 else {
            throw .cannotLimit(path: path + "/cgroup.subtree_control", reason: errorText(handedOn))
        }
    }

    /// Whether groups below get both controllers already.
    private func handsOn(_ path: String) -> Bool {
        let handedOn = Self.words(in: path + "/cgroup.subtree_control")
        return Self.controllers.allSatisfy(handedOn.contains)
    }

    private static func words(in file: String) -> [String] {
        (TextFile.read(file) ?? "").split { $0 == " " || $0 == "\n" }.map { String($0) }
    }
}
