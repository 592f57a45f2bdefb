import CLinux
import Glibc
import TestSupport
import Testing

@Suite("A worker's limits") struct LimitTests {
    @Test("leave it the memory it was given, and no more", arguments: [("60", "done"), ("80", "ENOMEM")])
    func memory(_ megabytes: String, _ result: String) async throws {
        #expect(try await Worker.run("process", "take_memory", megabytes, "memory_mb=64").result == result)
    }

    @Test("cannot be raised again, even by root")
    func raised() async throws {
        #expect(try await Worker.run("process", "raise_limits").result == "EPERM")
    }

    @Test("are kept by having no capabilities, in every mode", arguments: ["process", "sandbox", "strict"])
    func capabilities(_ mode: String) async throws {
        #expect(try await Worker.run(mode, "capabilities").result == "done")
    }

    @Test("keep it from opening files without end")
    func descriptors() async throws {
        #expect(try await Worker.run("process", "open_many", "open_files=32").result == "EMFILE")
    }

    @Test("keep it from taking the timers of its user's other processes")
    func timers() async throws {
        #expect(try await Worker.run("process", "many_timers").result == "EAGAIN")
    }

    @Test("end it when a file becomes too long")
    func fileSize() async throws {
        let folder = try ScratchFolder()
        defer { withExtendedLifetime(folder) {} }
        let worker = try await Worker.run("process", "long_file", folder.path + "/long", "file_mb=8")
        #expect(worker.ending == "signal \(SIGXFSZ)")
    }

    @Test("let forty threads run in a little memory")
    func threads() async throws {
        #expect(try await Worker.run("process", "forty_threads", "memory_mb=128").result == "done")
    }

    @Test("leave a worker of mode `process` its processes and sockets", arguments: ["fork", "socket_inet", "spawn"])
    func process(_ attempt: String) async throws {
        let worker = try await Worker.run("process", attempt)
        #expect(worker.result == "done")
        #expect(
            worker.layers.map { $0.prefix { $0 != "[" } } == [
                "process applied ", "rlimits applied ", "no_new_privs applied ",
            ]
        )
    }

    @Test("end it with its host")
    func parentDeath() async throws {
        let program = try Worker.start("process", "wait", [])
        let text = try await Blocking.run { program.output.wait { $0.contains("applied in") } }
        let number = try #require(text.firstMatch(of: /worker (\d+)/).flatMap { pid_t($0.1) })
        // Through its own descriptor, since nobody here is the worker's parent.
        let worker = prax_process_open(number)
        #expect(worker >= 0)
        program.signal(SIGKILL)
        let hasEnded = try await Blocking.run {
            var end = pollfd(fd: worker, events: Int16(POLLIN), revents: 0)
            return poll(&end, 1, 20000) == 1
        }
        #expect(hasEnded)
        close(worker)
    }

    @Test("do not let it start under another parent than its host")
    func otherParent() async throws {
        let worker = try await Worker.run("process", "kill_self", "parent=1")
        #expect(worker.ending == "exit 1")
        #expect(worker.layers == [])
    }
}
