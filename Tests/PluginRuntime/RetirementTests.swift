import Core
import PluginRuntime
import Testing

@Suite("Calls of a plugin that takes one at a time", .timeLimit(.minutes(1))) struct TurnTests {
    @Test("meet their deadlines while they wait behind a blocked one")
    func deadlines() async throws {
        let plugin = try Rendezvous(isConcurrent: false)
        let blocking = Task { await plugin.call("hold") }
        #expect(await plugin.started.wait())
        await withTaskGroup(of: CallOutcome.self) { tasks in
            for _ in 0..<50 { tasks.addTask { await plugin.call("ok", timeout: .milliseconds(30)) } }
            for await outcome in tasks { #expect(outcome.failure?.kind == .deadline) }
        }
        plugin.go.post()
        #expect(await blocking.value.text == "0")
        #expect(await plugin.call("ok").text == "0")
    }

    @Test("leave at once when cancelled while they wait, and never reach the plugin")
    func cancelled() async throws {
        let plugin = try Rendezvous(isConcurrent: false)
        let blocking = Task { await plugin.call("hold") }
        #expect(await plugin.started.wait())
        let waiting = (0..<20).map { _ in Task { await plugin.call("hold") } }
        for task in waiting { task.cancel() }
        for task in waiting { #expect(await task.value.failure?.kind == .cancelled) }
        plugin.go.post()
        #expect(await blocking.value.text == "0")
        #expect(await plugin.call("ok").text == "0")
        #expect(plugin.started.count == 0)
    }
}

@Suite("An instance on its way out", .timeLimit(.minutes(1))) struct RetirementTests {
    @Test("is destroyed once, after its last call, however often it is retired", arguments: [true, false])
    func afterLastCall(isConcurrent: Bool) async throws {
        let plugin = try Rendezvous(isConcurrent: isConcurrent)
        let running = (0..<8).map { _ in Task { await plugin.call("hold") } }
        #expect(await plugin.started.wait())
        if isConcurrent { for _ in 1..<8 { #expect(await plugin.started.wait()) } }
        await withTaskGroup(of: Void.self) { tasks in
            for _ in 0..<8 { tasks.addTask { plugin.instance.retire() } }
        }
        #expect(await plugin.call("ok").failure?.code == "plugin_unavailable")
        #expect(plugin.destroyed.count == 0)
        for _ in running { plugin.go.post() }
        for task in running { _ = await task.value }
        #expect(await plugin.destroyed.wait())
        plugin.instance.retire()
        #expect(plugin.destroyed.count == 0)
    }

    @Test("is destroyed once when calls begin and end all the while")
    func underLoad() async throws {
        for _ in 0..<50 {
            let plugin = try Rendezvous()
            await withTaskGroup(of: CallOutcome.self) { tasks in
                for number in 0..<40 {
                    if number == 20 { plugin.instance.retire() }
                    tasks.addTask { await plugin.call("ok") }
                }
                for await outcome in tasks {
                    #expect(outcome.text == "0" || outcome.failure?.code == "plugin_unavailable")
                }
            }
            #expect(await plugin.destroyed.wait())
            #expect(plugin.destroyed.count == 0)
        }
    }
}
