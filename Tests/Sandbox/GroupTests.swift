import Foundation
import TestSupport
import Testing

@testable import Sandbox

@Suite(
    "A worker's control group",
    .enabled(if: Machine.hasGroups, "needs control groups that this user may make"),
    .serialized
)
struct GroupTests {
    @Test("ends it when its memory is used up, and says so")
    func memory() async throws {
        let worker = try await Worker.run("process", "take_memory", "100", "group_mb=64")
        #expect(worker.ending == "signal 9")
        #expect(worker.after("memory kills ") == ["1"])
        #expect(worker.after("removed ") == ["true"])
    }

    @Test("keeps it from starting threads without end")
    func threads() async throws {
        let worker = try await Worker.run("process", "many_threads", "group_mb=256", "group_threads=16")
        #expect(worker.result == "EAGAIN")
        #expect(worker.after("memory kills ") == ["0"])
        #expect(worker.after("removed ") == ["true"])
    }

    @Test("leaves it alone within its limits")
    func within() async throws {
        let worker = try await Worker.run("process", "forty_threads", "group_mb=256", "group_threads=64")
        #expect(worker.result == "done")
    }

    @Test("of a host that is no more is removed when the next one starts")
    func stale() async throws {
        let groups = try ControlGroups.prepare()
        // A number that no process has: the largest there is.
        let parents = groups.layout.parents
        let stale = parents.map { $0 + "/praximous-4194304-old" }
        let foreign = parents.map { $0 + "/praximous-1-other" }
        for folder in stale + foreign {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        }
        defer { foreign.forEach { rmdir($0) } }
        _ = try ControlGroups.prepare()
        #expect(stale.allSatisfy { !FileManager.default.fileExists(atPath: $0) })
        #expect(foreign.allSatisfy { FileManager.default.fileExists(atPath: $0) })
    }
}
