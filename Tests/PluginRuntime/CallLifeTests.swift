import Core
import PluginRuntime
import PraximousJSON
import Testing

@Suite("A call") struct CallLifeTests {
    @Test("that is put off is finished later from another thread")
    func pending() async throws {
        let plugin = try Behaviours()
        await withTaskGroup(of: String?.self) { tasks in
            for _ in 0..<200 { tasks.addTask { await plugin.call("later").text } }
            for await text in tasks { #expect(text == #"{"ok":true}"#) }
        }
    }

    @Test("that is never finished ends at its deadline")
    func never() async throws {
        let plugin = try Behaviours()
        let failure = await plugin.call("never", timeout: .milliseconds(50)).failure
        #expect(failure?.kind == .deadline)
        #expect(failure?.code == "plugin_timeout")
    }

    @Test("ends at its deadline when the plugin does not listen, and the next call does not suffer")
    func deaf() async throws {
        let plugin = try Behaviours()
        // It would have answered, later.
        #expect(await plugin.call("deaf", timeout: .milliseconds(60)).failure?.kind == .deadline)
        #expect(await plugin.call("ok").text == #"{"ok":true}"#)
    }

    @Test("tells the plugin of its deadline, by polling and by callback")
    func deadline() async throws {
        let plugin = try Behaviours()
        #expect(await plugin.call("until_cancelled", timeout: .milliseconds(30)).failure?.kind == .deadline)
        #expect(await plugin.call("callback", timeout: .milliseconds(30)).failure?.kind == .deadline)
        #expect(try await cancelledCount(plugin, becomes: 1))
    }

    @Test("does not run a callback that was cleared")
    func clearedCallback() async throws {
        let plugin = try Behaviours(isConcurrent: false)
        #expect(await plugin.call("callback_cleared", timeout: .milliseconds(30)).failure?.kind == .deadline)
        #expect(await plugin.result("cancelled_count") == 0)
    }

    @Test("ends at once when its task is cancelled, before or after it began")
    func cancellation() async throws {
        let plugin = try Behaviours()
        for waits in [true, false] {
            let task = Task { await plugin.call("until_cancelled") }
            if waits { for _ in 0..<1000 { await Task.yield() } }
            task.cancel()
            #expect(await task.value.failure?.kind == .cancelled)
        }
        #expect(await plugin.call("ok").text == #"{"ok":true}"#)
    }

    @Test("gets a thread also while others block")
    func growth() async throws {
        let plugin = try Behaviours()
        let blocked = (0..<10).map { _ in Task { await plugin.call("until_cancelled", timeout: .seconds(20)) } }
        for _ in 0..<1000 { await Task.yield() }
        let answer = await plugin.call("ok", timeout: .seconds(10)).text
        #expect(answer == #"{"ok":true}"#)
        for task in blocked { task.cancel() }
        for task in blocked { #expect(await task.value.failure?.kind == .cancelled) }
    }

    @Test("is refused by an instance on its way out, and those under way are finished first")
    func retirement() async throws {
        let plugin = try Behaviours()
        let under = Task { await plugin.call("until_cancelled", timeout: .milliseconds(200)) }
        for _ in 0..<1000 { await Task.yield() }
        plugin.instance.retire()
        #expect(await plugin.call("ok").failure?.code == "plugin_unavailable")
        #expect(await under.value.failure != nil)
    }

    @Test("streams more than the window holds, at its reader's speed")
    func stream() async throws {
        let plugin = try Behaviours()
        let events = EventQueue(windowBytes: 8 << 10)
        async let outcome = plugin.call("stream", events: events)
        var count = 0
        while let event = await events.next() {
            #expect(event.kind == "data")
            #expect(event.json.count == 1002)
            count += 1
            for _ in 0..<20 { await Task.yield() }
        }
        let blocked = await outcome.text.flatMap { Int($0) }
        #expect(count == 300)
        #expect((blocked ?? 0) > 0)
    }

    @Test("that streams to nobody ends at its deadline")
    func streamToNobody() async throws {
        let plugin = try Behaviours()
        let outcome = await plugin.call("stream", timeout: .milliseconds(60), events: EventQueue(windowBytes: 4 << 10))
        #expect(outcome.failure?.kind == .deadline)
    }

    @Test("a hundred thousand times, from many tasks, each answered once", .timeLimit(.minutes(1)))
    func stress() async throws {
        let plugin = try Behaviours()
        let answered = await withTaskGroup(of: Int.self) { tasks in
            for _ in 0..<50 {
                tasks.addTask {
                    var right = 0
                    for _ in 0..<2000 where await plugin.call("ok").text == #"{"ok":true}"# { right += 1 }
                    return right
                }
            }
            return await tasks.reduce(0, +)
        }
        #expect(answered == 100_000)
    }

    @Test("never overlaps another in a plugin that takes one at a time", .timeLimit(.minutes(1)))
    func exclusive() async throws {
        let plugin = try Behaviours(isConcurrent: false)
        await withTaskGroup(of: Void.self) { tasks in
            for _ in 0..<40 {
                tasks.addTask { for _ in 0..<100 { _ = await plugin.call("exclusive") } }
            }
        }
        #expect(await plugin.result("overlaps") == 0)
    }

    @Test("mixed with cancelled, late and misbehaving ones leaves every slot free")
    func mixture() async throws {
        let plugin = try Behaviours()
        let operations = [
            "ok", "later", "fail_twice", "finish_twice", "no_end", "until_cancelled", "not_json", "remember", "stale",
        ]
        await withTaskGroup(of: Void.self) { tasks in
            for number in 0..<3000 {
                tasks.addTask {
                    let operation = operations[number % operations.count]
                    let task = Task { await plugin.call(operation, timeout: .milliseconds(200)) }
                    if number.isMultiple(of: 3) { task.cancel() }
                    _ = await task.value
                }
            }
        }
        // Calls come in their order: when this one is answered, all before it have had their turn.
        #expect(await plugin.call("ok").text == #"{"ok":true}"#)
        await withTaskGroup(of: String.self) { tasks in
            for _ in 0..<3000 {
                tasks.addTask {
                    let outcome = await plugin.call("ok")
                    return outcome.text ?? outcome.failure?.code ?? ""
                }
            }
            var answers: Set<String> = []
            for await answer in tasks { answers.insert(answer) }
            #expect(answers == [#"{"ok":true}"#])
        }
    }

    /// The callback runs on a thread of the host beside the call.
    private func cancelledCount(_ plugin: Behaviours, becomes count: Int) async throws -> Bool {
        for _ in 0..<1000 where await plugin.result("cancelled_count").intValue != count { await Task.yield() }
        return await plugin.result("cancelled_count").intValue == count
    }
}
