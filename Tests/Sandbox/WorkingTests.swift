import TestSupport
import Testing

@Suite("A plugin in a sandbox", .enabled(if: Machine.hasSandbox, "needs Landlock, seccomp and a listener"))
struct WorkingTests {
    @Test(
        "can do what plugins do",
        arguments: [
            "socket_pair", "kill_self", "cancel_thread", "ask_personality", "forty_threads", "ask_stack",
        ]
    )
    func works(_ attempt: String) async throws {
        let worker = try await Worker.run("sandbox", attempt)
        #expect(worker.result == "done")
        #expect(worker.denials == [])
    }

    @Test("may come as a file that was granted, by its descriptor")
    func fromFile() async throws {
        #expect(try await Worker.run("sandbox", "kill_self", "library=file", "read=/tmp").result == "done")
    }

    @Test("runs a thousand Swift tasks, again and again", arguments: ["listener=1", "listener=0"])
    func concurrency(_ listener: String) async throws {
        // libdispatch looks at its threads in /proc when they are busy, which is not every time.
        for _ in 1...5 {
            let worker = try await Worker.run("sandbox", "concurrency", listener)
            #expect(worker.result == "done")
            #expect(worker.after("sum ") == ["500500"])
            #expect(worker.denials == [])
        }
    }

    @Test("knows the time zones")
    func timeZone() async throws {
        #expect(try await Worker.run("sandbox", "time_zone").result == "-18000 3600")
    }

    @Test("writes files in one step, as Foundation does it")
    func atomically() async throws {
        let folder = try ScratchFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.path + "/file"
        #expect(try await Worker.run("sandbox", "write_atomically", path, "write=\(folder.path)").result == "second")
    }

    @Test("dies by its own abort()")
    func abort() async throws {
        let worker = try await Worker.run("sandbox", "abort")
        #expect(worker.ending == "signal 6")
        #expect(worker.denials == [])
    }
}
