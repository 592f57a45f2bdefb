import Core
import Foundation
import Glibc
import PluginRuntime
import PraximousJSON
import TestSupport
import Testing

@testable import Workers

@Suite("A worker that has been taken over", .timeLimit(.minutes(3))) struct HostileWorkerTests {
    private func start(
        _ behaviour: String,
        services: any PluginServices = RecordingServices(),
        settings: WorkerSettings = .calm,
        runtime: WorkerRuntime? = nil,
        heard: Heard = Heard()
    ) async throws -> ServedPlugin {
        try await ServedPlugin.start(
            services: services,
            settings: settings,
            config: ["behaviour": .string(behaviour)],
            executable: HostileWorker.executable(),
            runtime: runtime,
            heard: heard
        )
    }

    @Test("is a worker like any other as long as it keeps to the protocol")
    func wellBehaved() async throws {
        let worker = try await start("")
        #expect(await worker.call("echo", parameters: Array("[1]".utf8))?.text == "[1]")
        worker.worker.drain()
        #expect(try await worker.heard.end()?.fault == nil)
    }

    @Test(
        "is ended at once for what it sends before it is ready",
        arguments: [
            "garbage", "frame before hello", "huge frame", "wrong token", "hello without token", "hello that is none",
            "hello twice", "unknown kind", "frame of the host", "credit for a call", "end without a call",
            "event without a call", "part of an end without a call", "layers that are none", "layers twice",
            "ready before the layers",
            "refusal that is none", "bad log line", "bad metric", "bad pong", "bad request", "request that is too long",
            "endless parts", "endless message",
        ]
    )
    func beforeReady(behaviour: String) async throws {
        let end = await startFailure(behaviour)
        #expect(end?.fault == .protocolViolation)
    }

    @Test("is ended when it does not become ready in time", arguments: ["silence", "half a hello", "never ready"])
    func neverReady(behaviour: String) async throws {
        let end = await startFailure(behaviour, settings: .calm.with { $0.startTimeout = .milliseconds(300) })
        #expect(end?.fault == .startFailed)
        #expect(end?.ending == .signalled(9))
    }

    @Test("has not started when it goes before it is ready", arguments: ["exit", "close before ready"])
    func gone(behaviour: String) async throws {
        let end = await startFailure(behaviour)
        #expect(end?.fault == .startFailed || end?.fault == .protocolViolation)
    }

    private func startFailure(
        _ behaviour: String,
        settings: WorkerSettings = .calm,
        runtime: WorkerRuntime? = nil
    ) async -> WorkerEnd? {
        do {
            let worker = try await start(behaviour, settings: settings, runtime: runtime)
            // It was ready sooner than it was ended.
            return try await worker.heard.end()
        } catch WorkerStartFailure.failed(let end) {
            return end
        } catch {
            Issue.record("\(error)")
            return nil
        }
    }

    @Test("that says it refuses but stays is ended as well")
    func refusesAndStays() async throws {
        let heard = Heard()
        let settings = WorkerSettings.calm.with { $0.startTimeout = .milliseconds(300) }
        do {
            _ = try await start("refuses and stays", settings: settings, heard: heard)
            Issue.record("it has started")
        } catch WorkerStartFailure.refused(let refusal) {
            #expect(refusal.reason == .create)
        }
        #expect(try await heard.end()?.ending == .signalled(9))
    }

    @Test(
        "is ended when it says anything of its start once it is ready",
        arguments: ["ready twice", "refused after ready"]
    )
    func readyTwice(behaviour: String) async throws {
        let worker = try await start(behaviour)
        #expect(try await worker.heard.end()?.fault == .protocolViolation)
    }

    @Test(
        "is ended for its answer to a call, and whoever waits is told",
        arguments: [
            "answers twice", "answers another", "failure that is none", "events without credit",
            "event that is no JSON",
            "event cut short", "one number for two",
        ]
    )
    func answers(behaviour: String) async throws {
        let worker = try await start(behaviour)
        let events = EventQueue()
        let outcome = await worker.call("echo", parameters: Array("1".utf8), events: events)
        // Who was answered before the lie was found has the answer.
        let isAnswered = behaviour == "answers twice" && outcome?.text == "1"
        #expect(isAnswered || outcome?.failure?.code == "plugin_crashed")
        #expect(try await worker.heard.end()?.fault == .protocolViolation)
    }

    @Test("may answer with what is no JSON, and that is all it does")
    func notJSON() async throws {
        let worker = try await start("answer that is no JSON")
        #expect(await worker.call("echo")?.failure?.code == "bad_output")
        for _ in 0..<2 { _ = await worker.call("echo") }
        #expect(worker.heard.misbehaviours == 1)
        #expect(worker.heard.ends.isEmpty)
    }

    @Test("may release a call that somebody waits for, and nothing comes of it")
    func releases() async throws {
        let worker = try await start("releases")
        #expect(await worker.call("echo", parameters: Array("1".utf8))?.text == "1")
    }

    @Test("cannot give the host a number that it stumbles over, nor say that nobody knows the caller")
    func numbers() async throws {
        let worker = try await start("failure with a number")
        let failure = await worker.call("echo")?.failure
        #expect(failure?.retryAfterMilliseconds == 4_294_967_295)
        #expect(failure?.kind == .denied)
    }

    @Test("that answers no call is ended with the grace after the first deadline")
    func noAnswer() async throws {
        let worker = try await start("no answer", settings: .calm.with { $0.cancelGrace = .milliseconds(50) })
        #expect(await worker.call("echo", timeout: .milliseconds(50))?.failure?.code == "plugin_timeout")
        #expect(try await worker.heard.end()?.fault == .timeout)
    }

    @Test(
        "that sends half a frame and then nothing, or only old pongs, does not answer",
        arguments: ["half a frame", "old pongs"]
    )
    func unresponsive(behaviour: String) async throws {
        let worker = try await start(behaviour, settings: .calm.with { $0.pingInterval = .milliseconds(50) })
        #expect(try await worker.heard.end()?.fault == .unresponsive)
    }

    @Test("that closes its socket but lives on is ended")
    func closes() async throws {
        let worker = try await start("close")
        let end = try await worker.heard.end()
        #expect(end?.fault == .protocolViolation)
        #expect(end?.ending == .signalled(9))
        // Nothing is left of it.
        #expect(kill(worker.worker.processID, 0) == -1)
    }

    @Test("may log lines by the hundred thousand: a few are written, and the host still hears everything else")
    func logFlood() async throws {
        let start = MonotonicClock.now()
        let worker = try await self.start("log flood")
        let outcome = await worker.call("echo", parameters: Array("1".utf8), timeout: .seconds(120))
        #expect(outcome?.text == "1")
        // A hundred in a second, as many at once, and now and then one that tells of the others.
        let seconds = Int((MonotonicClock.now() - start) / 1_000_000_000) + 1
        #expect(worker.heard.lines.count <= 200 + 200 * seconds)
    }

    @Test("may say a thousand times that it misbehaves; its keeper hears of it")
    func misbehaviourFlood() async throws {
        let worker = try await start("misbehaviour flood")
        #expect(await worker.call("echo", parameters: Array("1".utf8))?.text == "1")
        #expect(worker.heard.misbehaviours == 1000)
    }

    @Test("cannot write into the log under another plugin's name or request, nor on a line of its own")
    func forgedNames() async throws {
        let worker = try await start("another's name")
        #expect(await eventually { worker.heard.lines.count == 3 })
        #expect(
            worker.heard.lines == [
                "critical a line plugin=test/serving", "critical a line plugin=test/serving",
                "critical a line plugin=test/serving two\\nlines=x\\ny",
            ]
        )
    }

    @Test("may send descriptors with everything: none stays open")
    func descriptors() async throws {
        let before = ProcessSample(of: getpid())?.descriptors ?? 0
        let worker = try await start("descriptors")
        #expect(await worker.call("echo", parameters: Array("1".utf8))?.text == "1")
        #expect(ProcessSample(of: getpid())?.descriptors ?? .max < before + 600)
        worker.worker.endNow()
        _ = try await worker.heard.end()
    }

    @Test(
        "may ask much and read no answer: the host keeps what it may, and others are not held up",
        arguments: ["questions without end", "questions in batches"]
    )
    func questions(behaviour: String) async throws {
        let before = ProcessSample(of: getpid())?.residentBytes ?? 0
        let services = RecordingServices(value: [UInt8](repeating: 1, count: 1000))
        let worker = try await start(behaviour, services: services)
        let other = try await ServedPlugin.start()
        #expect(await other.call("slow", 500, timeout: .seconds(5))?.text == "500")
        let outcome = await worker.call("echo", parameters: Array("1".utf8))
        if behaviour == "questions in batches" {
            #expect(outcome?.text == "1")
        } else {
            #expect(try await worker.heard.end()?.fault == .protocolViolation)
        }
        let after = ProcessSample(of: getpid())?.residentBytes ?? .max
        #expect(after < before + (300 << 20))
    }

    @Test("may ask for more than a slow store takes: the host keeps 32 MiB of it, and takes more when that is done")
    func putsWithoutEnd() async throws {
        let mayGoOn = Semaphore()
        let services = RecordingServices(inStore: { mayGoOn.wait() })
        let worker = try await start("puts without end", services: services)
        // Sixty of a little more than one MiB, of which 31 fit.
        #expect(await eventually { await worker.call("echo")?.text == "29" })
        for _ in 0..<62 { mayGoOn.signal() }
        #expect(await eventually { services.questions.count == 31 })
        #expect(await worker.call("more")?.text == "29")
        #expect(await eventually { services.questions.count == 32 })
        #expect(worker.heard.ends.isEmpty)
    }

    @Test("keeps nothing of what a call had started once that has ended")
    func exchangeAfterEnd() async throws {
        let upstream = FastUpstream()
        let services = RecordingServices(exchange: { _ in upstream })
        let worker = try await start("exchange after the end", services: services)
        #expect(await worker.call("echo", parameters: Array("1".utf8))?.text == "1")
        #expect(await eventually { upstream.isCancelled })
    }

    @Test("cannot ask on behalf of a call that it was never given")
    func exchangeOfAnother() async throws {
        let services = RecordingServices(exchange: { _ in
            Issue.record("an exchange was started")
            return NoExchange()
        })
        let worker = try await start("exchange of another call", services: services)
        #expect(await worker.call("echo", parameters: Array("1".utf8))?.text == "1")
        worker.worker.drain()
        _ = try await worker.heard.end()
    }

    @Test("ends without a trace: its threads and descriptors are gone", arguments: ["garbage", "end without a call"])
    func nothingLeft(behaviour: String) async throws {
        let runtime = WorkerRuntime(executable: try HostileWorker.executable(), settings: .calm)
        _ = await startFailure(behaviour, runtime: runtime)
        let before = ProcessSample(of: getpid())?.descriptors ?? 0
        for _ in 0..<90 { _ = await startFailure(behaviour, runtime: runtime) }
        // Other tests have workers of their own meanwhile, but not that many: one left by each run would show.
        #expect(await eventually { ProcessSample(of: getpid())?.descriptors ?? .max < before + 60 })
        #expect(await eventually { Self.threads(named: "prax-worker") < 25 && Self.threads(named: "prax-output") < 25 })
    }

    /// How many threads of this process have that name.
    private static func threads(named name: String) -> Int {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        return tasks.count {
            (try? String(contentsOfFile: "/proc/self/task/\($0)/comm", encoding: .utf8)) == name + "\n"
        }
    }
}
