import Core
import Glibc
import PluginRuntime
import Supervision
import TestSupport
import Testing

@Suite("A host that a plugin takes down") struct BlameTests {
    @Test(
        "names the plugin whose call it was, and ends as it would have ended",
        arguments: [
            ("segv", 139, "signal 11"), ("abort", 134, "signal 6"), ("trap", 132, "signal 4"),
            ("fpe", 136, "signal 8"), ("sys", 159, "signal 31"), ("overflow", 139, "signal 11"),
            ("exit", 0, "exit 0"), ("_exit", 3, "exit 3"), ("_Exit", 4, "exit 4"), ("quick_exit", 6, "exit 6"),
        ]
    )
    func calls(_ way: String, _ exitCode: Int32, _ words: String) async throws {
        let ending = try await Blocking.run { try DyingHost().run(way, "call") }
        #expect(ending.exitCode == exitCode)
        // __builtin_trap is an illegal instruction on one architecture and a breakpoint on the other.
        #expect(ending.report == "acme/dying \(words)\n" || way == "trap")
        #expect(ending.report.hasPrefix("acme/dying signal ") || way != "trap")
    }

    @Test(
        "names the plugin whose own thread it was, by the code that was running",
        arguments: [
            ("thread-segv", 139, "signal 11"), ("thread-library", 134, "signal 6"), ("thread-exit", 5, "exit 5"),
        ]
    )
    func threads(_ way: String, _ exitCode: Int32, _ words: String) async throws {
        let ending = try await Blocking.run { try DyingHost().run(way, "load") }
        #expect(ending.exitCode == exitCode)
        #expect(ending.report == "acme/dying \(words)\n")
    }

    @Test("names nobody when it is killed, or when no plugin's code was running", arguments: ["call", "none"])
    func nobody(_ mode: String) async throws {
        let ending = try await Blocking.run { try DyingHost().run(mode == "call" ? "kill" : "segv", mode) }
        #expect(ending.exitCode == (mode == "call" ? 137 : 139))
        #expect(ending.report.isEmpty)
    }

    @Test("names nobody for a signal that another process sent", arguments: [SIGSEGV, SIGABRT, SIGBUS])
    func fromOutside(_ number: Int32) async throws {
        let (exitCode, report) = try await Blocking.run {
            let host = try DyingHost()
            let program = try host.start("wait", "call")
            #expect(program.output.wait { $0.contains("ready") } == "ready\n")
            program.signal(number)
            return (program.waitForExit(), host.text)
        }
        #expect(exitCode == 128 + number)
        #expect(report.isEmpty)
    }

    @Test("names nobody when it lives on: only a child of it died", arguments: ["child-exit", "child-segv"])
    func children(_ way: String) async throws {
        let ending = try await Blocking.run { try DyingHost().run(way, "call") }
        #expect(ending.exitCode == 0)
        #expect(ending.output == "alive\n")
        #expect(ending.report.isEmpty)
    }
}

@Suite("A plugin that installs signal handlers while it is loaded", .serialized) struct SignalSnapshotTests {
    @Test("is refused, and the handlers are put back")
    func restores() throws {
        let library = try #require(dlopen(try DyingHost.library(), RTLD_NOW | RTLD_LOCAL))
        let handlers = unsafeBitCast(try #require(dlsym(library, "handlers")), to: (@convention(c) () -> Void).self)
        signal(SIGSEGV) { _ in }
        defer { signal(SIGSEGV, SIG_DFL) }
        let before = SignalSnapshot()
        #expect(before.restore() == [])
        handlers()
        let name = try PluginName.parse("acme/rude")
        let refusal = try #require(before.restoreAndRefuse(name, SemanticVersion(1, 0, 0)))
        #expect(
            refusal.message
                == "acme/rude 1.0.0 changed the host's signal handlers while it was loaded: SEGV, TERM; "
                + "they have been put back"
        )
        #expect(before.restoreAndRefuse(name, SemanticVersion(1, 0, 0)) == nil)
        var action = sigaction()
        sigaction(SIGTERM, nil, &action)
        #expect(action.__sigaction_handler.sa_handler == nil)
    }
}
