import Core
import Glibc
import PluginRuntime
import PraximousJSON
import Synchronization
import TestSupport
import Testing

@testable import Workers

/// Nothing but the calls themselves wakes anybody here: no ping comes to the rescue of a lost wake-up.
@Suite("A worker under load", .timeLimit(.minutes(5)), .serialized) struct LoadTests {
    @Test(
        "gives each of 64 callers its own answer, two thousand times",
        arguments: [("plain", 64), ("plain", 2), ("serial", 64)]
    )
    func manyCallers(variant: String, threads: Int) async throws {
        let plugin = try await ServedPlugin.start(variant, threads: threads)
        try await Self.callers(64, rounds: SourceTree.isLongRun ? 2000 : 300, of: plugin)
    }

    @Test("answers a lone caller again and again", arguments: [("plain", 64), ("plain", 2), ("serial", 2)])
    func oneCaller(variant: String, threads: Int) async throws {
        let plugin = try await ServedPlugin.start(variant, threads: threads)
        try await Self.callers(1, rounds: SourceTree.isLongRun ? 100_000 : 8000, of: plugin)
    }

    @Test("answers few callers while most of its threads are held", arguments: [4, 48])
    func heldThreads(threads: Int) async throws {
        let plugin = try await ServedPlugin.start(threads: threads)
        var held: [Task<CallOutcome?, Never>] = []
        // All but one of the threads for calls.
        for _ in 0..<(threads / 2 - 1) { held.append(await plugin.begin("until_cancelled")) }
        try await Self.callers(3, rounds: 2000, of: plugin)
        for task in held { task.cancel() }
        for task in held { _ = await task.value }
        #expect(await eventually { plugin.openCalls == 0 })
    }

    @Test("answers calls that come one by one while another is held", arguments: [20, 200, 1000])
    func pauses(microseconds: UInt32) async throws {
        let plugin = try await ServedPlugin.start(threads: 64)
        let held = await plugin.begin("until_cancelled")
        try await Blocking.run {
            let done = Semaphore()
            for round in 0..<1500 {
                let call = SkillCall(
                    operation: "echo",
                    parameters: Array("\(round)".utf8),
                    context: CallContext(requestID: "r"),
                    timeout: .seconds(20)
                )
                let answer = Mutex("")
                plugin.worker.begin(call, deadline: MonotonicClock.deadline(in: .seconds(20))) { outcome in
                    answer.withLock { $0 = outcome?.text ?? "\(String(describing: outcome))" }
                    done.signal()
                }
                done.wait()
                #expect(answer.withLock { $0 } == "\(round)")
                usleep(microseconds)
            }
        }
        held.cancel()
        _ = await held.value
    }

    @Test(
        "answers its plugin's questions, however few threads it may have",
        arguments: [("plain", 2), ("serial", 2), ("plain", 6)]
    )
    func questions(variant: String, threads: Int) async throws {
        let services = RecordingServices(invoke: { _, events in
            for number in 0..<5 { events.event(CallEvent(kind: "data", json: Array("\(number)".utf8))) }
            events.end(.result(Array("7".utf8)))
        })
        let plugin = try await ServedPlugin.start(variant, services: services, threads: threads)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for _ in 0..<6 {
                tasks.addTask {
                    for _ in 0..<150 {
                        try #require(await plugin.call("kv_get")?.json["text"]?.stringValue == "value")
                        try #require(await plugin.call("invoke")?.json["count"]?.intValue == 5)
                    }
                }
            }
            try await tasks.waitForAll()
        }
    }

    @Test(
        "streams with little room, however few threads it may have",
        arguments: [("plain", 2), ("serial", 2), ("plain", 6)]
    )
    func streams(variant: String, threads: Int) async throws {
        let plugin = try await ServedPlugin.start(variant, threads: threads)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for _ in 0..<6 {
                tasks.addTask {
                    for _ in 0..<10 {
                        let events = EventQueue(windowBytes: 5000)
                        async let outcome = plugin.call("stream", 60, events: events)
                        var count = 0
                        while await events.next() != nil { count += 1 }
                        try #require(count == 60)
                        try #require(await outcome?.text != nil)
                    }
                }
            }
            try await tasks.waitForAll()
        }
    }

    @Test(
        "gives the next call its turn when a thread of the plugin's own ends one",
        arguments: [("serial", 2), ("serial", 64), ("plain", 16)]
    )
    func pending(variant: String, threads: Int) async throws {
        let plugin = try await ServedPlugin.start(variant, threads: threads)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for _ in 0..<12 {
                tasks.addTask {
                    for round in 0..<60 {
                        let outcome = await plugin.call("later", round % 3, timeout: .seconds(10))
                        try #require(outcome?.text == "\(round % 3)", "\(String(describing: outcome))")
                    }
                }
            }
            try await tasks.waitForAll()
        }
    }

    @Test("loses nothing among calls, streams, threads that emit, cancellations, questions and pings")
    func everything() async throws {
        let settings = WorkerSettings.calm.with { $0.pingInterval = .milliseconds(500) }
        let plugin = try await ServedPlugin.start(services: RecordingServices(), settings: settings, threads: 16)
        let rounds = SourceTree.isLongRun ? 400 : 40
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await Self.callers(16, rounds: rounds * 20, of: plugin) }
            tasks.addTask {
                for _ in 0..<rounds {
                    let events = EventQueue(windowBytes: 4000)
                    async let outcome = plugin.call("threads", 300, events: events)
                    var count = 0
                    while await events.next() != nil { count += 1 }
                    try #require(count == 1200)
                    try #require(await outcome?.text == "1200")
                }
            }
            tasks.addTask {
                for _ in 0..<rounds {
                    let task = await plugin.begin("callback")
                    task.cancel()
                    try #require(await task.value?.failure?.code == "cancelled")
                }
            }
            tasks.addTask {
                for round in 0..<rounds * 5 {
                    try #require(await plugin.text("later", round % 3) == "\(round % 3)")
                    try #require(await plugin.call("kv_get")?.json["text"]?.stringValue == "value")
                }
            }
            tasks.addTask {
                let large = [0x22] + [UInt8](repeating: 0x61, count: 300_000) + [0x22]
                for _ in 0..<rounds { try #require(await plugin.call("length", parameters: large)?.text == "300002") }
            }
            defer { #expect(plugin.heard.ends.map(\.ending) == []) }
            try await tasks.waitForAll()
        }
        #expect(await eventually { plugin.openCalls == 0 })
    }

    @Test("is drained in the middle of it: every call is answered or sent on, and none is lost")
    func drain() async throws {
        for round in 0..<6 {
            let plugin = try await ServedPlugin.start(round % 2 == 0 ? "plain" : "serial")
            let answered = Count()
            await withTaskGroup(of: Void.self) { tasks in
                for caller in 0..<32 {
                    tasks.addTask {
                        for number in 0..<100_000 {
                            let text = "[\(caller),\(number)]"
                            guard let outcome = await plugin.call("echo", parameters: Array(text.utf8)) else { return }
                            #expect(outcome.text == text)
                            answered.add()
                        }
                    }
                }
                #expect(await eventually { answered.value > 1000 })
                plugin.worker.drain()
            }
            let end = try await plugin.heard.end()
            #expect(end?.ending == .exited(0))
            #expect(end?.fault == nil)
        }
    }

    @Test("is killed in the middle of it: everybody hears of it")
    func killed() async throws {
        for _ in 0..<6 {
            let plugin = try await ServedPlugin.start()
            let answered = Count()
            await withTaskGroup(of: Void.self) { tasks in
                for _ in 0..<32 {
                    tasks.addTask {
                        while let outcome = await plugin.call("echo") {
                            answered.add()
                            if let failure = outcome.failure {
                                #expect(failure.code == "plugin_crashed")
                                return
                            }
                        }
                    }
                }
                #expect(await eventually { answered.value > 1000 })
                kill(plugin.worker.processID, SIGKILL)
            }
            #expect(try await plugin.heard.end()?.fault == .crashed(signal: 9))
        }
    }

    /// So many callers at once, each with calls of its own, one after the other.
    private static func callers(_ count: Int, rounds: Int, of plugin: ServedPlugin) async throws {
        try await withThrowingTaskGroup(of: String?.self) { tasks in
            for caller in 0..<count {
                tasks.addTask {
                    for round in 0..<rounds {
                        let text = "[\(caller),\(round)]"
                        let outcome = await plugin.call("echo", parameters: Array(text.utf8), timeout: .seconds(20))
                        guard outcome?.text == text else { return "\(text): \(String(describing: outcome))" }
                    }
                    return nil
                }
            }
            for try await wrong in tasks { #expect(wrong == nil) }
        }
    }
}

private final class Count: Sendable {
    private let number = Atomic(0)
    var value: Int { number.load(ordering: .relaxed) }
    func add() { number.wrappingAdd(1, ordering: .relaxed) }
}
