import Core
import PluginRuntime
import Testing

@testable import Workers

@Suite("A call that is given up", .timeLimit(.minutes(2))) struct GivingUpTests {
    @Test("is over for its caller at once, and the plugin hears of it")
    func cancelled() async throws {
        let plugin = try await ServedPlugin.start()
        let task = await plugin.begin("until_cancelled")
        task.cancel()
        #expect(await task.value?.failure?.code == "cancelled")
        #expect(await eventually { await plugin.text("cancelled_count") == "1" })
        #expect(plugin.openCalls == 0)
    }

    @Test("before it has begun never reaches the plugin")
    func cancelledBefore() async throws {
        let plugin = try await ServedPlugin.start()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await plugin.call("until_cancelled")
        }
        #expect(await task.value?.failure?.code == "cancelled")
        #expect(await plugin.text("slow", 1) == "1")
    }

    @Test("ends at its deadline with an answer that says so")
    func deadline() async throws {
        let plugin = try await ServedPlugin.start()
        let outcome = await plugin.call("until_cancelled", timeout: .milliseconds(50))
        #expect(outcome?.failure?.code == "plugin_timeout")
        #expect(outcome?.failure?.kind == .deadline)
        #expect(await eventually { await plugin.text("cancelled_count") == "1" })
        #expect(plugin.heard.ends.isEmpty)
    }

    @Test("takes the worker with it when the plugin does not let go within the grace")
    func deaf() async throws {
        let plugin = try await ServedPlugin.start(settings: .calm.with { $0.cancelGrace = .milliseconds(100) })
        let other = await plugin.begin("until_cancelled")
        let outcome = await plugin.call("deaf", timeout: .milliseconds(50), events: EventQueue())
        #expect(outcome?.failure?.code == "plugin_timeout")
        let end = try await plugin.heard.end()
        #expect(end?.fault == .timeout)
        #expect(await other.value?.failure?.code == "plugin_timeout")
    }

    @Test("by a caller who left may take its time until the deadline")
    func deafUntilDeadline() async throws {
        let plugin = try await ServedPlugin.start(settings: .calm.with { $0.cancelGrace = .milliseconds(1) })
        let task = await plugin.begin("deaf", timeout: .seconds(4))
        task.cancel()
        #expect(await task.value?.failure?.code == "cancelled")
        #expect(await plugin.text("slow", 700) == "700")
        #expect(try await plugin.heard.end()?.fault == .timeout)
    }

    @Test("while it waits for its turn does no harm to the one before it")
    func queued() async throws {
        let plugin = try await ServedPlugin.start(
            "serial",
            settings: .calm.with { $0.cancelGrace = .milliseconds(50) }
        )
        // It has its turn as long as nobody reads what it says.
        let events = EventQueue(windowBytes: 4000)
        async let first = plugin.call("stream", 100, events: events)
        #expect(await eventually { events.creditBytes < 1000 })
        await withTaskGroup(of: String?.self) { tasks in
            for _ in 0..<20 {
                tasks.addTask { await plugin.call("slow", 1, timeout: .milliseconds(100))?.failure?.code }
            }
            for await code in tasks { #expect(code == "plugin_timeout") }
        }
        var count = 0
        while await events.next() != nil { count += 1 }
        #expect(count == 100)
        #expect(await first?.text != nil)
        #expect(await plugin.text("slow", 1) == "1")
        #expect(plugin.heard.ends.isEmpty)
    }

    @Test("has its callback run although every thread for calls is inside the plugin")
    func callbackAmongMany() async throws {
        let plugin = try await ServedPlugin.start()
        var tasks: [Task<CallOutcome?, Never>] = []
        for _ in 0..<24 { tasks.append(await plugin.begin("callback")) }
        for task in tasks { task.cancel() }
        for task in tasks { #expect(await task.value?.failure?.code == "cancelled") }
        #expect(await eventually(within: .seconds(5)) { plugin.openCalls == 0 })
        #expect(await plugin.text("cancelled_count") == "24")
    }

    @Test("in a plugin that takes one call at a time has its callback run", arguments: [2, 64])
    func callbackOfSerial(threads: Int) async throws {
        let plugin = try await ServedPlugin.start("serial", threads: threads)
        let task = await plugin.begin("callback")
        task.cancel()
        #expect(await task.value?.failure?.code == "cancelled")
        #expect(
            await eventually(within: .seconds(5)) {
                await plugin.call("cancelled_count", timeout: .seconds(2))?.text == "1"
            }
        )
    }

    @Test("before its parameters are on their way is cancelled all the same")
    func deadlineWhileSending() async throws {
        let plugin = try await ServedPlugin.start(settings: .calm.with { $0.cancelGrace = .milliseconds(400) })
        let parameters = [0x22] + [UInt8](repeating: 0x61, count: 8 << 20) + [0x22]
        for round in 0..<60 {
            let timeout = Duration.microseconds(round * 200)
            // Something else wakes the clock while the parameters are copied.
            async let other = plugin.call("until_cancelled", timeout: timeout)
            let outcome = await plugin.call("until_cancelled", parameters: parameters, timeout: timeout)
            #expect(outcome?.failure?.code == "plugin_timeout")
            _ = await other
        }
        #expect(await eventually { plugin.openCalls == 0 })
        #expect(plugin.heard.ends.isEmpty)
    }

    @Test("and answered later by a thread of the plugin's own leaves the next one its turn")
    func pendingOfSerial() async throws {
        let plugin = try await ServedPlugin.start("serial")
        await withTaskGroup(of: String?.self) { tasks in
            for _ in 0..<30 { tasks.addTask { await plugin.call("later", 5, timeout: .seconds(10))?.text } }
            for await text in tasks { #expect(text == "5") }
        }
    }

    @Test("after the plugin put it off is released only when the plugin ends it, or with the worker")
    func pendingForEver() async throws {
        let plugin = try await ServedPlugin.start(settings: .calm.with { $0.cancelGrace = .milliseconds(100) })
        #expect(await plugin.call("never", timeout: .milliseconds(50))?.failure?.code == "plugin_timeout")
        #expect(try await plugin.heard.end()?.fault == .timeout)
    }

    @Test("with three hundred others has its callback run, on no more threads than a plugin may have")
    func manyCallbacks() async throws {
        let plugin = try await ServedPlugin.start()
        var tasks: [Task<CallOutcome?, Never>] = []
        for _ in 0..<300 { tasks.append(await plugin.begin("pending_until_cancelled")) }
        let before = ProcessSample(of: plugin.worker.processID)?.threads ?? 0
        for task in tasks { task.cancel() }
        var most = 0
        let isOver = await eventually {
            most = max(most, ProcessSample(of: plugin.worker.processID)?.threads ?? 0)
            return plugin.openCalls == 0
        }
        #expect(isOver)
        for task in tasks { #expect(await task.value?.failure?.code == "cancelled") }
        #expect(await plugin.text("cancelled_count") == "300")
        #expect(most < before + 16)
    }
}
