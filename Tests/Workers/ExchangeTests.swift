import Core
import PluginRuntime
import PraximousJSON
import Synchronization
import TestSupport
import Testing

@testable import Workers

@Suite("An HTTP exchange of a plugin in a worker", .timeLimit(.minutes(2))) struct ExchangeTests {
    @Test("brings the head, every byte of the body in order, and the end", arguments: [0, 100, 1 << 20, 40 << 20])
    func whole(bytes: Int) async throws {
        let services = RecordingServices(exchange: { events in
            let upstream = FastUpstream()
            upstream.start(events, bytes: bytes)
            return upstream
        })
        let plugin = try await ServedPlugin.start(services: services)
        let answer = await plugin.call("fetch")?.json
        #expect(answer == ["status": 200, "end": 0, "heads": 1, "bytes": .integer(bytes), "disorder": 0, "reason": 0])
        #expect(services.questions.last == #"GET http://upstream.test/ ["accept=*/*"]"#)
    }

    @Test("is not read any faster than the plugin takes it")
    func slowPlugin() async throws {
        let upstream = FastUpstream()
        let services = RecordingServices(exchange: { events in
            upstream.start(events, bytes: 64 << 20)
            return upstream
        })
        let plugin = try await ServedPlugin.start(services: services)
        // 5 ms for each piece of 16 KiB: 3 MiB in a second, of which hardly any is over.
        let task = Task { await plugin.call("fetch", 5000) }
        #expect(await eventually { upstream.pauses > 0 })
        let limit = MonotonicClock.deadline(in: .seconds(1))
        while MonotonicClock.now() < limit { try await Task.sleep(for: .milliseconds(20)) }
        #expect(upstream.sentBytes < 12 << 20)
        #expect(await plugin.text("echo") == #"{"n":0}"#)
        task.cancel()
        _ = await task.value
        #expect(await eventually { upstream.isCancelled })
    }

    @Test("is not ended by other calls that have much on their way")
    func besideLargeCalls() async throws {
        let services = RecordingServices(exchange: { events in
            let upstream = FastUpstream()
            upstream.start(events, bytes: 8 << 20)
            return upstream
        })
        let plugin = try await ServedPlugin.start(services: services)
        let large = [0x22] + [UInt8](repeating: 0x61, count: 250_000) + [0x22]
        async let answer = plugin.call("fetch")?.json
        await withTaskGroup(of: String?.self) { tasks in
            for _ in 0..<100 { tasks.addTask { await plugin.call("length", parameters: large)?.text } }
            for await text in tasks { #expect(text == "250002") }
        }
        #expect(await answer?["bytes"]?.intValue == 8 << 20)
    }

    @Test("ends with its call")
    func endsWithCall() async throws {
        let upstream = FastUpstream()
        let services = RecordingServices(exchange: { events in
            events.head(status: 200, headers: [])
            return upstream
        })
        let plugin = try await ServedPlugin.start(services: services)
        let task = Task { await plugin.call("fetch") }
        #expect(await eventually { services.questions.count == 2 })
        task.cancel()
        #expect(await task.value?.failure?.code == "cancelled")
        #expect(await eventually { upstream.isCancelled })
    }

    @Test("that is only being started when its call ends is ended as well")
    func startedTooLate() async throws {
        let (isStarting, mayStart) = (Semaphore(), Semaphore())
        let upstream = FastUpstream()
        let services = RecordingServices(exchange: { _ in
            isStarting.signal()
            mayStart.wait()
            return upstream
        })
        let plugin = try await ServedPlugin.start(services: services)
        let task = Task { await plugin.call("fetch") }
        try await Blocking.run { isStarting.wait() }
        task.cancel()
        #expect(await task.value?.failure?.code == "cancelled")
        mayStart.signal()
        #expect(await eventually { upstream.isCancelled })
    }

    @Test("ends with its worker")
    func endsWithWorker() async throws {
        let upstream = FastUpstream()
        let services = RecordingServices(exchange: { _ in upstream })
        let plugin = try await ServedPlugin.start(services: services)
        let task = Task { await plugin.call("fetch") }
        #expect(await eventually { services.questions.count == 2 })
        plugin.worker.endNow()
        #expect(await task.value?.failure != nil)
        #expect(await eventually { upstream.isCancelled })
    }
}
