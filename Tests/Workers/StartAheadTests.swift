import Glibc
import TestSupport
import Testing

@testable import Workers

@Suite("A worker process that is started ahead", .timeLimit(.minutes(2))) struct StartAheadTests {
    private func runtime() -> WorkerRuntime { WorkerRuntime(executable: SourceTree.hostExecutable, settings: .calm) }

    @Test("serves the next plugin, and that one alone")
    func isTaken() async throws {
        let runtime = runtime()
        let process = try #require(await Blocking.run { runtime.startAhead() })
        let first = try await ServedPlugin.start(runtime: runtime)
        let second = try await ServedPlugin.start(runtime: runtime)
        #expect(first.worker.processID == process)
        #expect(second.worker.processID != process)
    }

    @Test("is replaced when it was ended before it was needed")
    func isReplaced() async throws {
        let runtime = runtime()
        let process = try #require(await Blocking.run { runtime.startAhead() })
        kill(process, SIGKILL)
        // Until it is dead, and without taking it away from the runtime.
        var info = siginfo_t()
        #expect(waitid(P_PID, id_t(process), &info, WEXITED | WNOWAIT) == 0)
        let served = try await ServedPlugin.start(runtime: runtime)
        #expect(served.worker.processID != process)
    }

    @Test("goes with the runtime when nobody needs it")
    func isDiscarded() async throws {
        let process = try #require(await Blocking.run { runtime().startAhead() })
        #expect(kill(process, 0) == -1)
    }
}
