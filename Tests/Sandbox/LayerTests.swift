import Core
import TestSupport
import Testing

@testable import Sandbox

@Suite("The layers around a worker") struct LayerTests {
    @Test(
        "of mode `sandbox` are these",
        .enabled(if: Machine.hasSandbox, "needs Landlock, seccomp and a listener")
    )
    func sandbox() async throws {
        let worker = try await Worker.run("sandbox", "kill_self", "abi=6")
        #expect(
            worker.layers == [
                "process applied [a process of its own, which ends with the host]",
                "rlimits applied [256 MiB more memory, 64 more descriptors, no core dumps]",
                "no_new_privs applied [no new privileges, no capabilities]",
                "landlock applied [ABI 6: files, TCP, signals, abstract sockets]",
                "seccomp applied [no processes, programs, sockets, foreign signals, tracing or mounts]",
                "denials applied [what is refused is told to the host, files included]",
            ]
        )
        #expect(worker.missing == "")
    }

    @Test(
        "of mode `strict` give it a network of its own, with nothing in it",
        .enabled(if: Machine.hasSandbox && Machine.hasNamespaces, "needs user namespaces")
    )
    func strict() async throws {
        let worker = try await Worker.run("strict", "network_namespace")
        #expect(worker.layers.first == "namespaces applied [users, network, mounts, IPC and host names of its own]")
        #expect(worker.missing == "")
        #expect(worker.result.hasPrefix("net:["))
        #expect(worker.result != ProcLink.destination("/proc/self/ns/net"))
    }

    @Test(
        "are missed by `strict` when the kernel has not got them",
        arguments: [("abi=0", "landlock"), ("listener=0", "denials")]
    )
    func missing(_ kernel: String, _ layer: String) async throws {
        let worker = try await Worker.run("strict", "kill_self", kernel)
        #expect(worker.missing.split(separator: ",").contains { $0 == layer })
    }

    @Test(
        "are those that the mode is made of",
        arguments: [
            (Manifest.IsolationWish.Mode.inproc, []), (.process, [Layer.process, .limits, .privileges]),
            (.sandbox, [.process, .limits, .privileges, .landlock, .seccomp, .denials]), (.strict, Layer.allCases),
        ]
    )
    func modes(_ mode: Manifest.IsolationWish.Mode, _ layers: [Layer]) {
        #expect([LayerReport]().missing(for: mode) == layers)
        let failed = layers.map { LayerReport($0, .failed, "") }
        #expect(failed.missing(for: mode) == layers)
        #expect(layers.map { LayerReport($0, .applied, "") }.missing(for: mode) == [])
        #expect(layers.map { LayerReport($0, .available, "") }.missing(for: mode) == [])
    }

    @Test("can be asked for, each in its place and with a remedy where it is not to be had")
    func probe() {
        let reports = SandboxProbe.layers()
        #expect(
            reports.map(\.layer.rawValue) == [
                "process", "rlimits", "no_new_privs", "landlock", "seccomp", "denials", "namespaces", "cgroup",
            ]
        )
        #expect(reports.allSatisfy { $0.state == .available || ($0.state == .unavailable && $0.fix != nil) })
        #expect(reports.allSatisfy { !$0.detail.contains("\n") && !$0.detail.isEmpty })
    }

    @Test("are asked for without changing who asks")
    func probeChangesNothing() throws {
        func state() throws -> [Substring] {
            let status = try #require(TextFile.read("/proc/self/status"))
            return status.split(separator: "\n").filter { $0.hasPrefix("NoNewPrivs") || $0.hasPrefix("Seccomp") }
        }
        let before = (try state(), ProcLink.destination("/proc/self/ns/user"))
        _ = SandboxProbe.layers()
        #expect(try state() == before.0)
        #expect(ProcLink.destination("/proc/self/ns/user") == before.1)
    }

    @Test(
        "of Landlock's versions refuse what each of them knows",
        arguments: [
            (0, 0, 0, 0, "ABI 0: files; seccomp covers truncation"),
            (1, 0x1FFF, 0, 0, "ABI 1: files; seccomp covers truncation"),
            (2, 0x3FFF, 0, 0, "ABI 2: files; seccomp covers truncation"),
            (3, 0x7FFF, 0, 0, "ABI 3: files"),
            (4, 0x7FFF, 3, 0, "ABI 4: files, TCP"),
            (5, 0xFFFF, 3, 0, "ABI 5: files, TCP"),
            (6, 0xFFFF, 3, 3, "ABI 6: files, TCP, signals, abstract sockets"),
            (7, 0xFFFF, 3, 3, "ABI 7: files, TCP, signals, abstract sockets"),
        ] as [(Int, UInt64, UInt64, UInt64, String)]
    )
    func landlock(_ abi: Int, _ files: UInt64, _ network: UInt64, _ scopes: UInt64, _ words: String) {
        let rights = LandlockRights(abi: abi)
        #expect(rights.files.rawValue == files)
        #expect(rights.network == network)
        #expect(rights.scopes == scopes)
        #expect(rights.description == words)
        #expect(rights.writing.isSubset(of: rights.files))
        #expect(!rights.writing.contains(.execute) && !rights.writing.contains(.makeLink))
        #expect(rights.reading.rawValue == (abi == 0 ? 0 : 0b1100))
    }
}
