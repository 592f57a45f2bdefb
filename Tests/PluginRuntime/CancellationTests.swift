import Core
import PluginRuntime
import Testing

@Suite("A plugin told of cancellation", .timeLimit(.minutes(1))) struct CancellationTests {
    @Test("may end the call while its callback still runs, and the caller is answered all the same")
    func endMeanwhile() async throws {
        let plugin = try Rendezvous()
        for _ in 0..<5 {
            let task = Task { await plugin.call("fail_when_cancelled") }
            #expect(await plugin.started.wait())
            task.cancel()
            #expect(await task.value.failure?.kind == .cancelled)
        }
        plugin.instance.retire()
        #expect(await plugin.destroyed.wait())
    }

    @Test("may even end the call inside the callback: the host's watch goes on and the slot is free again")
    func endInside() async throws {
        let plugin = try Rendezvous()
        #expect(await plugin.call("fail_inside_callback", timeout: .milliseconds(20)).failure?.kind == .deadline)
        #expect(await plugin.call("until_cancelled", timeout: .milliseconds(20)).failure?.kind == .deadline)
        #expect(await plugin.started.wait())
        plugin.instance.retire()
        #expect(await plugin.destroyed.wait())
    }

    @Test("runs a callback at once that is registered after the cancellation")
    func registeredAfter() async throws {
        let plugin = try Rendezvous()
        let task = Task { await plugin.call("until_cancelled") }
        #expect(await plugin.started.wait())
        task.cancel()
        #expect(await task.value.failure?.kind == .cancelled)
        #expect(await eventually("count", of: plugin, is: "1"))
    }

    @Test("clears its callback only when that is not running")
    func clearing() async throws {
        let plugin = try Rendezvous()
        #expect(await plugin.call("clear_callback", timeout: .milliseconds(20)).failure?.kind == .deadline)
        // The plugin counts back when it finds, after the clearing, that the callback had not been through.
        #expect(await eventually("count", of: plugin, is: "1"))
        plugin.instance.retire()
        #expect(await plugin.destroyed.wait())
    }

    @Test("ends for its caller before the plugin has looked up")
    func atOnce() async throws {
        let plugin = try Rendezvous()
        let task = Task { await plugin.call("hold") }
        #expect(await plugin.started.wait())
        task.cancel()
        #expect(await task.value.failure?.kind == .cancelled)
        plugin.instance.retire()
        #expect(plugin.destroyed.count == 0)
        plugin.go.post()
        #expect(await plugin.destroyed.wait())
    }

    private func eventually(_ operation: String, of plugin: Rendezvous, is text: String) async -> Bool {
        for _ in 0..<10_000 {
            if await plugin.call(operation).text == text { return true }
            await Task.yield()
        }
        return false
    }
}
