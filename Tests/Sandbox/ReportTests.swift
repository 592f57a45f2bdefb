import Core
import Glibc
import Synchronization
import Testing

@testable import Sandbox

@Suite("What is told of a denial") struct ReportTests {
    @Test(
        "is one line, whatever the worker wrote",
        arguments: [
            ("/etc/passwd", "/etc/passwd"), ("/a\nb\u{1B}[2J\u{0}c", "/a?b?[2J?c"), ("/\u{202E}txt.exe", "/?txt.exe"),
            ("/ä/\u{2028}€", "/ä/?€"), ("", ""),
            (String(repeating: "a", count: 256), String(repeating: "a", count: 256)),
            (String(repeating: "a", count: 257), String(repeating: "a", count: 253) + "…"),
            (String(repeating: "é", count: 200), String(repeating: "é", count: 126) + "…"),
        ]
    )
    func line(_ text: String, _ line: String) {
        let denial = Denial(what: .open, call: "openat", target: text, errno: EACCES)
        #expect(denial.target == line)
        #expect(denial.target.utf8.count <= 256)
    }

    @Test("comes at a pace, with the number of those that did not")
    func pace() {
        let delivered = Mutex<[Denial]>([])
        let deliver: @Sendable (Denial) -> Void = { denial in delivered.withLock { $0.append(denial) } }
        var reports = DenialReports(perSecond: 2, now: 0, deliver: deliver)
        let seconds: [UInt64] = [0, 0, 0, 0, 1, 5, 5, 5]
        for second in seconds {
            reports.add(Denial(what: .fork, call: "fork", target: "", errno: EPERM), now: second * 1_000_000_000)
        }
        #expect(delivered.withLock { $0.map(\.droppedBefore) } == [0, 0, 2, 0, 0])
        reports.flush()
        #expect(delivered.withLock { $0.map(\.droppedBefore) } == [0, 0, 2, 0, 0, 0])
        reports.flush()
        #expect(delivered.withLock { $0.count } == 6)
    }

    @Test(
        "names sockets by their family",
        arguments: [
            (2, 1, "AF_INET stream"), (10, 2 | 0o2_000_000, "AF_INET6 datagram"), (16, 3, "AF_NETLINK raw"),
            (1, 5, "AF_UNIX sequenced"), (77, 9, "address family 77"), (UInt64.max, UInt64.max, "address family -1"),
        ] as [(UInt64, UInt64, String)]
    )
    func sockets(_ family: UInt64, _ type: UInt64, _ name: String) { #expect(SocketName.of(family, type) == name) }

    @Test(
        "tells paths inside a granted folder from those beside it",
        arguments: [
            ("/opt/plugin", false, true), ("/opt/plugin/lib.so", false, true), ("/opt/plugins", false, false),
            ("/opt", false, false), ("/opt/plugin/lib.so", true, false), ("/data/a", true, true),
            ("/data/a", false, true),
            ("/usr/lib/x", false, true), ("/dev/null", true, true), ("/dev/nullx", true, false), ("", false, false),
        ]
    )
    func paths(_ path: String, _ isWriting: Bool, _ isAllowed: Bool) {
        let profile = SandboxProfile(
            mode: .sandbox,
            expectedParent: 1,
            readablePaths: ["/opt/plugin/"],
            writablePaths: ["/data"]
        )
        #expect(PathRules(profile).allows(path, writing: isWriting) == isAllowed)
    }

    @Test("knows every call that it refuses by a number on this machine, or not at all")
    func numbers() {
        let rules = CallRules.all(ownProcess: 1, rights: LandlockRights(abi: 7))
        let unknown = Set(rules.map(\.call).filter { CallNumbers.number(of: $0) == nil })
        // Calls of other architectures.
        #expect(
            unknown.isSubset(of: [
                "vm86", "vm86old", "ipc", "fork", "vfork", "open", "creat", "mkdir", "rmdir", "unlink", "rename",
                "link", "symlink", "mknod", "chmod", "chown", "lchown", "utime", "utimes", "futimesat", "iopl",
                "ioperm", "modify_ldt", "renameat", "uselib", "_sysctl", "sysfs",
            ])
        )
    }
}
