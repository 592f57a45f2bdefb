import Foundation
import TestSupport
import Testing

@testable import Sandbox

@Suite("The place for control groups") struct GroupLayoutTests {
    let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    @Test(
        "is where the kernel's tables say",
        arguments: [
            (
                "30 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n",
                "0::/system.slice/praximous.service\n",
                "/sys/fs/cgroup/system.slice/praximous.service", nil, nil
            ),
            // A container that sees its own part only.
            (
                "30 23 0:26 /docker/abc /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n", "0::/docker/abc/sub\n",
                "/sys/fs/cgroup/sub", nil, nil
            ),
            (
                "31 30 0:27 / /sys/fs/cgroup/memory rw shared:9 - cgroup cgroup rw,memory\n"
                    + "32 30 0:28 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n"
                    + "33 30 0:29 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n",
                "8:pids:/a\n4:memory:/b/c\n0::/\n",
                "/sys/fs/cgroup/unified", "/sys/fs/cgroup/memory/b/c", "/sys/fs/cgroup/pids/a"
            ),
            ("nonsense\n1 2 3\n", "::::\n\n", nil, nil, nil),
        ] as [(String, String, String?, String?, String?)]
    )
    func mounts(_ table: String, _ groups: String, _ unified: String?, _ memory: String?, _ pids: String?) {
        let mounts = ControlGroupMounts(mountinfo: table, groups: groups)
        #expect(mounts.unified == unified)
        #expect(mounts.byController["memory"] == memory)
        #expect(mounts.byController["pids"] == pids)
    }

    /// A group of version 2 in files: what the kernel would have made.
    private func makeGroup(processes: String, handsOn: String = "", controllers: String = "cpu memory pids") throws {
        try folder.write(controllers + "\n", to: "cgroup.controllers")
        try folder.write(processes, to: "cgroup.procs")
        try folder.write(handsOn, to: "cgroup.subtree_control")
        try folder.write("", to: "praximous-host/cgroup.procs")
    }

    private func layout() throws(ControlGroupError) -> ControlGroupLayout {
        try ControlGroupLayout.find(
            ControlGroupMounts(mountinfo: "30 23 0:26 / \(folder.path) rw - cgroup2 cgroup2 rw\n", groups: "0::/\n")
        )
    }

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
    }

    @Test("in version 2 is the host's group, once the host has moved below it")
    func moves() throws {
        try makeGroup(processes: "77\n")
        try layout().makeReady(process: 77)
        #expect(try text("praximous-host/cgroup.procs") == "77")
        #expect(try text("cgroup.subtree_control") == "+memory +pids")
    }

    @Test("in version 2 is taken as it is when it hands its controllers on already")
    func ready() throws {
        try makeGroup(processes: "", handsOn: "cpu memory pids\n")
        try layout().makeReady(process: 77)
        #expect(try text("praximous-host/cgroup.procs") == "")
    }

    @Test("in version 2 is none when the host is not alone in its group: nothing is moved")
    func shared() throws {
        try makeGroup(processes: "77\n78\n")
        #expect(throws: ControlGroupError.shared(path: folder.path)) { try layout().makeReady(process: 77) }
        #expect(try text("praximous-host/cgroup.procs") == "")
        #expect(try text("cgroup.subtree_control") == "")
    }

    @Test("is none without the two controllers")
    func controllers() throws {
        try makeGroup(processes: "77\n", controllers: "cpu io")
        #expect(throws: ControlGroupError.noControllers(missing: ["memory", "pids"])) { try layout() }
    }

    @Test("in version 2 gets limits without swap, and counts the kills of its group")
    func limits() throws {
        try makeGroup(processes: "", handsOn: "memory pids")
        let group = "praximous-77-w1/"
        for file in ["memory.max", "memory.swap.max", "memory.oom.group", "pids.max", "cgroup.procs"] {
            try folder.write("", to: group + file)
        }
        try folder.write("low 0\nhigh 0\nmax 9\noom 3\noom_kill 2\noom_group_kill 1\n", to: group + "memory.events")
        let groups = ControlGroups(layout: try layout(), process: 77)
        let worker = try groups.make(id: "w1", limits: ControlGroups.Limits(memoryBytes: 1 << 20, threads: 9))
        try worker.add(4711)
        #expect(try text(group + "memory.max") == "1048576")
        #expect(try text(group + "memory.swap.max") == "0")
        #expect(try text(group + "memory.oom.group") == "1")
        #expect(try text(group + "pids.max") == "9")
        #expect(try text(group + "cgroup.procs") == "4711")
        #expect(worker.memoryKills == 2)
    }

    @Test("does not make a group whose limits it cannot set")
    func noLimits() throws {
        try makeGroup(processes: "", handsOn: "memory pids")
        let groups = ControlGroups(layout: try layout(), process: 77)
        #expect(throws: ControlGroupError.self) {
            _ = try groups.make(id: "w2", limits: ControlGroups.Limits(memoryBytes: 1 << 20, threads: 9))
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/praximous-77-w2"))
    }
}
