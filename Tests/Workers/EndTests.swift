import Core
import Glibc
import PluginRuntime
import PraximousJSON
import Synchronization
import Testing

@testable import Workers

@Suite("The end of a worker", .timeLimit(.minutes(2))) struct EndTests {
    struct Ending: Sendable, CustomTestStringConvertible {
        let operation: String
        var n = 0
        let fault: FaultKind
        let message: String

        var testDescription: String { operation }
    }

    static let endings = [
        Ending(
            operation: "crash",
            fault: .crashed(signal: 11),
            message: "The plugin test/serving 1.0.0 crashed with signal 11."
        ),
        Ending(
            operation: "exit",
            n: 7,
            fault: .exited(code: 7),
            message: "The plugin test/serving 1.0.0 ended its process with exit code 7."
        ),
        Ending(
            operation: "exit",
            n: 0,
            fault: .exited(code: 0),
            message: "The plugin test/serving 1.0.0 ended its process with exit code 0."
        ),
    ]

    @Test("is told to everybody who waits, at once", arguments: endings)
    func faults(_ ending: Ending) async throws {
        let plugin = try await ServedPlugin.start()
        var others: [Task<CallOutcome?, Never>] = []
        for _ in 0..<5 { others.append(await plugin.begin("until_cancelled")) }
        let failure = await plugin.call(ending.operation, ending.n)?.failure
        #expect(failure?.code == "plugin_crashed")
        #expect(failure?.message == ending.message)
        #expect(failure?.details?["fault"]?.stringValue == ending.fault.word)
        for other in others { #expect(await other.value?.failure == failure) }
        #expect(try await plugin.heard.end()?.fault == ending.fault)
        #expect(plugin.heard.ends.count == 1)
        // Whoever comes later is sent to the next worker.
        #expect(await plugin.call("echo") == nil)
    }

    @Test("comes also when the plugin closes the socket, by the worker itself or by the host")
    func closesSocket() async throws {
        let plugin = try await ServedPlugin.start(settings: .calm.with { $0.pingInterval = .milliseconds(300) })
        #expect(await plugin.call("close_socket")?.failure?.code == "plugin_crashed")
        let fault = try await plugin.heard.end()?.fault
        // Whichever of its threads finds out first: the one that reads, the one that writes, or the host.
        #expect([.exited(code: 0), .exited(code: 1), .protocolViolation].contains(fault))
    }

    @Test("by somebody's kill -9 comes within moments")
    func killed() async throws {
        let plugin = try await ServedPlugin.start()
        let task = await plugin.begin("until_cancelled")
        let start = MonotonicClock.now()
        kill(plugin.worker.processID, SIGKILL)
        #expect(await task.value?.failure?.details?["signal"]?.intValue == 9)
        // Long before the call's time is over, however busy the machine.
        #expect(MonotonicClock.now() - start < 10_000_000_000)
    }

    @Test("comes when it is stopped and answers no ping")
    func stopped() async throws {
        let settings = WorkerSettings.calm.with { $0.pingInterval = .milliseconds(200) }
        let plugin = try await ServedPlugin.start(settings: settings)
        let outcome = await plugin.call("stop")
        #expect(outcome?.failure?.code == "plugin_timeout")
        #expect(try await plugin.heard.end()?.fault == .unresponsive)
    }

    @Test("does not come while the plugin is busy: pings are answered by a thread of their own")
    func busyAnswersPings() async throws {
        let settings = WorkerSettings.calm.with { $0.pingInterval = .milliseconds(300) }
        let plugin = try await ServedPlugin.start("serial", settings: settings)
        #expect(await plugin.text("slow", 2500) == "2500")
        #expect(plugin.heard.ends.isEmpty)
    }

    @Test("comes when a call that has ended keeps its thread for too long")
    func lingering() async throws {
        let settings = WorkerSettings.calm.with {
            $0.pingInterval = .milliseconds(50)
            $0.maxLingering = .milliseconds(200)
        }
        let plugin = try await ServedPlugin.start("serial", settings: settings)
        #expect(await plugin.text("linger", 20_000) == "1")
        #expect(try await plugin.heard.end()?.fault == .timeout)
    }

    @Test("by draining loses no call that had begun, and no fault is seen in it")
    func drain() async throws {
        let plugin = try await ServedPlugin.start()
        let results = await withTaskGroup(of: String?.self) { tasks in
            for _ in 0..<20 { tasks.addTask { await plugin.text("slow", 300) } }
            #expect(await eventually { plugin.openCalls == 20 })
            plugin.worker.drain()
            #expect(await plugin.call("echo") == nil)
            return await tasks.reduce(into: []) { $0.append($1) }
        }
        #expect(results == Array(repeating: "300", count: 20))
        let end = try await plugin.heard.end()
        #expect(end?.fault == nil)
        #expect(end?.ending == .exited(0))
    }

    @Test("by draining comes at once when nothing is open")
    func drainIdle() async throws {
        let plugin = try await ServedPlugin.start()
        plugin.worker.drain()
        let end = try await plugin.heard.end(within: .seconds(5))
        #expect(end != nil && end?.fault == nil)
    }

    @Test("by a crash while it drains is told to those who wait, and held against nobody")
    func crashWhileLeaving() async throws {
        let plugin = try await ServedPlugin.start()
        let task = await plugin.begin("until_cancelled")
        plugin.worker.drain()
        kill(plugin.worker.processID, SIGSEGV)
        let failure = await task.value?.failure
        #expect(failure?.code == "plugin_crashed")
        #expect(failure?.details?["signal"]?.intValue == 11)
        let end = try await plugin.heard.end()
        #expect(end?.fault == .crashed(signal: 11))
        #expect(end?.wasLeaving == true)
    }

    @Test("by a crash before anything was said of going counts")
    func crashWhileServing() async throws {
        let plugin = try await ServedPlugin.start()
        _ = await plugin.call("crash")
        #expect(try await plugin.heard.end()?.wasLeaving == false)
    }

    @Test("comes for what constructors do as well")
    func constructors() async throws {
        let settings = WorkerSettings.calm.with { $0.sampleInterval = .milliseconds(50) }
        do {
            _ = try await ServedPlugin.start("bombs", settings: settings)
            Issue.record("it has started")
        } catch WorkerStartFailure.failed(let end) {
            #expect(end.fault == .threads)
        }
    }

    @Test("comes when its folder holds more than it may")
    func folderFull() async throws {
        let isFull = Atomic(false)
        let settings = WorkerSettings.calm.with { $0.sampleInterval = .milliseconds(50) }
        let plugin = try await ServedPlugin.start(settings: settings) { _ in isFull.load(ordering: .relaxed) }
        let task = await plugin.begin("until_cancelled")
        #expect(plugin.heard.ends.isEmpty)
        isFull.store(true, ordering: .relaxed)
        let failure = await task.value?.failure
        #expect(failure?.code == "plugin_crashed")
        #expect(failure?.message == "The plugin test/serving 1.0.0 wrote more to the disk than it may.")
        #expect(try await plugin.heard.end()?.fault == .disk)
    }

    @Test("comes with the first call when a plugin has said itself that it is ready, and never is")
    func forgedReady() async throws {
        let plugin = try await ServedPlugin.start("forges")
        #expect(await plugin.call("echo")?.failure?.code == "plugin_crashed")
        #expect(try await plugin.heard.end()?.fault == .protocolViolation)
    }

    @Test("by draining is forced when a call does not end in time")
    func drainDeaf() async throws {
        let settings = WorkerSettings.calm.with { $0.drainTimeout = .milliseconds(100) }
        let plugin = try await ServedPlugin.start(settings: settings)
        let task = await plugin.begin("deaf")
        plugin.worker.drain()
        #expect(await task.value?.failure?.code == "plugin_timeout")
        let end = try await plugin.heard.end()
        #expect(end != nil && end?.fault == nil)
    }

    @Test("leaves no descriptor behind", arguments: ["drain", "crash", "fails"])
    func nothingLeft(way: String) async throws {
        try await Self.startAndEnd(way)
        let before = ProcessSample(of: getpid())?.descriptors ?? 0
        for _ in 0..<60 { try await Self.startAndEnd(way) }
        // Other tests come and go meanwhile; one descriptor left by each run would show.
        #expect(await eventually { ProcessSample(of: getpid())?.descriptors ?? .max < before + 40 })
    }

    private static func startAndEnd(_ way: String) async throws {
        guard way != "fails" else {
            _ = try? await ServedPlugin.start("fails")
            return
        }
        let plugin = try await ServedPlugin.start()
        if way == "drain" { plugin.worker.drain() } else { _ = await plugin.call("crash") }
        _ = try await plugin.heard.end()
    }
}
