import Core
import PluginRuntime
import PraximousJSON
import Testing

@testable import Workers

@Suite("A stream from a worker", .timeLimit(.minutes(2))) struct StreamTests {
    @Test("brings every event in order, then the answer")
    func order() async throws {
        let plugin = try await ServedPlugin.start()
        let events = EventQueue()
        async let outcome = plugin.call("stream", 3000, events: events)
        #expect(await Self.numbers(events) == Array(0..<3000))
        #expect(await outcome?.text != nil)
    }

    @Test("waits for a slow reader, and its writer is told so")
    func slowReader() async throws {
        let plugin = try await ServedPlugin.start()
        let events = EventQueue(windowBytes: 16 << 10)
        async let outcome = plugin.call("stream", 1000, events: events)
        // The window is full and stays so: the plugin is at most that far ahead.
        #expect(await eventually { events.creditBytes < 1000 })
        #expect(events.waitingSince != nil)
        #expect(await plugin.text("echo") == #"{"n":0}"#)
        #expect(await Self.numbers(events) == Array(0..<1000))
        #expect(events.waitingSince == nil)
        #expect(Int(await outcome?.text ?? "") ?? 0 > 0)
    }

    @Test("keeps the order of each thread that writes to it", arguments: [1000, 64 << 10])
    func threads(windowBytes: Int) async throws {
        let plugin = try await ServedPlugin.start()
        let events = EventQueue(windowBytes: windowBytes)
        async let outcome = plugin.call("threads", 2000, events: events)
        var next = [0, 0, 0, 0]
        while let event = await events.next() {
            let pair = (try? JSON.parse(event.json))?.arrayValue?.compactMap(\.intValue) ?? []
            guard pair.count == 2, next[pair[0]] == pair[1] else {
                Issue.record("\(pair) where \(next) was due")
                return
            }
            next[pair[0]] += 1
        }
        #expect(next == [2000, 2000, 2000, 2000])
        #expect(await outcome?.text == "8000")
    }

    @Test("takes an event larger than a frame, alone")
    func largeEvent() async throws {
        let plugin = try await ServedPlugin.start()
        let events = EventQueue()
        async let outcome = plugin.call("emit_large", 3 << 20, events: events)
        #expect(await events.next()?.json.count == 3 << 20)
        #expect(await events.next() == nil)
        #expect(await outcome?.text == "0")
    }

    @Test("whose reader has left ends the call, also while the plugin waits for room")
    func readerLeaves() async throws {
        let plugin = try await ServedPlugin.start()
        let events = EventQueue(windowBytes: 4000)
        let task = Task { await plugin.call("stream", 100_000, events: events) }
        #expect(await eventually { events.creditBytes < 1000 })
        task.cancel()
        #expect(await task.value?.failure?.kind == .cancelled)
        // The plugin has let go long before the call's time was over.
        #expect(await eventually(within: .seconds(5)) { plugin.openCalls == 0 })
        #expect(plugin.heard.ends.isEmpty)
    }

    @Test("nobody asked for is dropped")
    func notStreaming() async throws {
        let plugin = try await ServedPlugin.start()
        #expect(await plugin.text("stream", 500) == "0")
    }

    @Test("runs its credit callback on one thread at a time, and not after its removal")
    func creditCallback() async throws {
        let plugin = try await ServedPlugin.start()
        let events = EventQueue(windowBytes: 4000)
        async let outcome = plugin.call("credit_callbacks", events: events)
        while await events.next() != nil {}
        // More than one at once, still inside, has run.
        #expect(await outcome?.text == "[0,0,1]")
    }

    @Test("of many calls at once keeps them apart")
    func manyStreams() async throws {
        let plugin = try await ServedPlugin.start()
        await withTaskGroup(of: Bool.self) { tasks in
            for _ in 0..<12 {
                tasks.addTask {
                    let events = EventQueue(windowBytes: 8000)
                    async let outcome = plugin.call("stream", 400, events: events)
                    let numbers = await Self.numbers(events)
                    let isEnded = await outcome?.text != nil
                    return numbers == Array(0..<400) && isEnded
                }
            }
            for await isRight in tasks { #expect(isRight) }
        }
    }

    /// The numbers at the heads of the events of `stream`.
    private static func numbers(_ events: EventQueue) async -> [Int] {
        var numbers: [Int] = []
        while let event = await events.next() {
            let head = event.json.dropFirst().prefix { $0 != UInt8(ascii: " ") }
            numbers.append(Int(String(decoding: head, as: UTF8.self)) ?? -1)
        }
        return numbers
    }
}
