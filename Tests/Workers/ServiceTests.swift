import Core
import PluginRuntime
import PraximousJSON
import Synchronization
import TestSupport
import Testing

@testable import Workers

@Suite("What a plugin in a worker asks of its host", .timeLimit(.minutes(2))) struct ServiceTests {
    struct Question: Sendable, CustomTestStringConvertible {
        let operation: String
        var n = 0
        let asked: String
        let answer: String

        var testDescription: String { operation }
    }

    static let questions = [
        Question(
            operation: "secret",
            asked: "secret TOKEN",
            answer: #"{"status":0,"ended":0,"count":1,"revision":0,"length":6,"text":"s3cret"}"#
        ),
        Question(
            operation: "kv_get",
            asked: "get key",
            answer: #"{"status":0,"ended":0,"count":1,"revision":1099511627776,"length":5,"text":"value"}"#
        ),
        Question(
            operation: "kv_put",
            asked: "put key 5 7 60",
            answer: #"{"status":0,"ended":0,"count":0,"revision":0,"length":0,"text":""}"#
        ),
        Question(
            operation: "kv_put",
            n: 1 << 20,
            asked: "put key 1048576 7 60",
            answer: #"{"status":0,"ended":0,"count":0,"revision":0,"length":0,"text":""}"#
        ),
        Question(
            operation: "kv_put",
            n: (1 << 20) + 1,
            asked: "put key 1048577 7 60",
            answer: #"{"status":-8,"ended":0,"count":0,"revision":0,"length":0,"text":""}"#
        ),
        Question(
            operation: "kv_del",
            asked: "delete key",
            answer: #"{"status":-14,"ended":0,"count":0,"revision":0,"length":0,"text":""}"#
        ),
        Question(
            operation: "kv_list",
            asked: "keys k",
            answer: #"{"status":0,"ended":0,"count":0,"revision":0,"length":0,"text":"k1 k2 "}"#
        ),
        Question(
            operation: "invoke",
            asked: "invoke skill:other/op 5 for request-invoke",
            answer: #"{"status":0,"ended":1,"count":0,"revision":0,"length":1,"text":"7"}"#
        ),
        Question(
            operation: "invoke",
            n: 2 << 20,
            asked: "invoke skill:other/op 2097152 for request-invoke",
            answer: #"{"status":0,"ended":1,"count":0,"revision":0,"length":1,"text":"7"}"#
        ),
    ]

    @Test("is asked and answered as in the host's own process", arguments: questions)
    func asked(_ question: Question) async throws {
        let services = RecordingServices()
        let plugin = try await ServedPlugin.start(services: services)
        #expect(await plugin.text(question.operation, question.n) == question.answer)
        #expect(services.questions == ["define things counter [\"colour\"]", question.asked])
    }

    @Test(
        "is refused before anything is kept of it where no service would take it",
        arguments: [("kv_put", 3 << 20), ("invoke", (16 << 20) + 1)]
    )
    func tooLarge(_ operation: String, _ bytes: Int) async throws {
        let services = RecordingServices()
        let plugin = try await ServedPlugin.start(services: services)
        #expect(await plugin.call(operation, bytes)?.json["status"]?.intValue == -8)
        #expect(services.questions == ["define things counter [\"colour\"]"])
    }

    @Test("counts with its bytes for as long as it runs, and no longer")
    func invocationBytes() async throws {
        let services = RecordingServices(invoke: { _, _ in })
        let plugin = try await ServedPlugin.start(services: services)
        func invocations() -> Int { services.questions.count { $0.hasPrefix("invoke") } }
        let tasks = (0..<2).map { _ in Task { await plugin.call("invoke", 15 << 20) } }
        #expect(await eventually { invocations() == 2 })
        #expect(await plugin.call("invoke", 15 << 20)?.json["status"]?.intValue == -7)
        for task in tasks { task.cancel() }
        for task in tasks { _ = await task.value }
        // Once those have ended there is room again.
        let last = Task {
            await eventually {
                await plugin.call("invoke", 15 << 20, timeout: .seconds(20))?.json["status"]?.intValue != -7
            }
        }
        #expect(await eventually { invocations() == 3 })
        plugin.worker.endNow()
        _ = await last.value
    }

    @Test("is counted: metrics are defined while it is made, and only then")
    func metrics() async throws {
        let services = RecordingServices()
        let plugin = try await ServedPlugin.start(services: services)
        #expect(await plugin.text("record", 2) == "3")
        #expect(await eventually { services.questions.count == 3 })
        #expect(services.questions.suffix(2) == ["record 3 1.5 [\"blue\"]", "record 3 1.5 [\"blue\"]"])
        #expect(await plugin.text("define") == "-14")
    }

    @Test("is logged on one line, under its own name and the request's")
    func log() async throws {
        let plugin = try await ServedPlugin.start()
        #expect(await plugin.text("log") == "0")
        #expect(await eventually { !plugin.heard.lines.isEmpty })
        #expect(
            plugin.heard.lines == [
                "warning hello\\nworld plugin.colour=blue\\nred plugin.plugin=other plugin=test/serving "
                    + "request.id=request-log"
            ]
        )
    }

    @Test("may be an invocation with events, more of them than fit at once")
    func invocationEvents() async throws {
        let services = RecordingServices(invoke: { _, events in
            for number in 0..<2000 { events.event(CallEvent(kind: "data", json: Array("\(number)".utf8))) }
            events.end(.failure(Failure(.notFound, code: "unknown", message: "There is none.")))
        })
        let plugin = try await ServedPlugin.start(services: services)
        let answer = await plugin.call("invoke")?.json
        #expect(answer?["count"]?.intValue == 2000)
        #expect(answer?["status"]?.intValue == -4)
        #expect(answer?["ended"]?.intValue == 1)
    }

    @Test("may be any number of invocations that end at once")
    func quickInvocations() async throws {
        let plugin = try await ServedPlugin.start(services: RecordingServices())
        #expect(await plugin.text("invoke_often", 6000) == "6000")
        #expect(plugin.heard.ends.isEmpty)
    }

    @Test("is answered although another plugin's question is taking its time")
    func besideSlow() async throws {
        let mayGoOn = Semaphore()
        let asked = Mutex(0)
        let services = RecordingServices(inStore: {
            let isFirst = asked.withLock { asked in
                asked += 1
                return asked == 1
            }
            if isFirst { mayGoOn.wait() }
        })
        let plugin = try await ServedPlugin.start(services: services)
        async let slow = plugin.text("kv_get")
        #expect(await eventually { asked.withLock { $0 } == 1 })
        #expect(await plugin.call("kv_get", timeout: .seconds(5))?.text != nil)
        mayGoOn.signal()
        #expect(await slow != nil)
    }

    @Test("is told to wait when the host has too much to do, and no harm comes of asking again")
    func busy() async throws {
        let (isHeld, mayGoOn) = (Semaphore(), Semaphore())
        let plugin = try await ServedPlugin.start(services: RecordingServices(), settings: .calm)
        let threads = plugin.worker.runtime.services
        for _ in 0..<16 {
            #expect(
                threads.submit {
                    isHeld.signal()
                    mayGoOn.wait()
                }
            )
            try await Blocking.run { isHeld.wait() }
        }
        while threads.submit({}) {}
        for _ in 0..<5000 {
            let answer = await plugin.call("kv_get")?.json
            guard answer?["status"]?.intValue == -7 else {
                Issue.record("\(String(describing: answer))")
                break
            }
        }
        for _ in 0..<16 { mayGoOn.signal() }
        #expect(await eventually { await plugin.call("kv_get")?.json["status"]?.intValue == 0 })
    }
}
