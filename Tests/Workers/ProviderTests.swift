import Core
import PluginRuntime
import PraximousJSON
import TestSupport
import Testing

@testable import Workers

@Suite("A provider in a worker", .timeLimit(.minutes(1)), .serialized) struct ProviderTests {
    @Test("serves each of its operations", arguments: [Manifest.IsolationWish.Mode.process, .sandbox])
    func operations(mode: Manifest.IsolationWish.Mode) async throws {
        let provider = try await Provider.start(mode)
        #expect(await provider.call("models", "{}")?.text == #"{"models":[{"id":"fixture"}]}"#)
        #expect(await provider.call("health", "{}")?.text == #"{"status":"degraded"}"#)
        #expect(await provider.call("chat", #"{"model":"later"}"#)?.text == #""later""#)
        #expect(await provider.call("chat", #"{"model":"limited"}"#)?.failure?.retryAfterMilliseconds == 2000)
        let events = EventQueue()
        async let outcome = provider.call("chat", #"{"model":"m","stream":true}"#, events: events)
        var kinds: [String] = []
        while let event = await events.next() { kinds.append(event.kind) }
        #expect(kinds == ["delta", "delta", "delta"])
        #expect(await outcome?.text?.contains(#""finish_reason":"stop""#) == true)
    }

    @Test("hands over its vectors, more than one event holds among them")
    func vectors() async throws {
        let provider = try await Provider.start(.sandbox)
        #expect(try await provider.vectors(#"{"model":"m","input":["a","bcd"]}"#) == [[0, 1], [1, 3]])
        let many = try await provider.vectors(#"{"model":"large","input":["a"]}"#)
        #expect(many.map(\.count) == [64 * 16_384, 36 * 16_384])
        #expect(many.last?.last == Float(16_384 * 100 - 1))
    }

    @Test("hears in the call's context what an embedding was asked for besides")
    func context() async throws {
        let provider = try await Provider.start(.process)
        let outcome = await provider.call("embed", #"{"model":"context","input":["a"],"dimensions":64}"#)
        #expect(outcome?.text == #"{"id":"request","request":{"dimensions":64}}"#)
    }

    private struct Provider {
        let worker: Worker
        let heard = Heard()

        static func start(_ mode: Manifest.IsolationWish.Mode) async throws -> Provider {
            let heard = Heard()
            let plan = WorkerPlan(
                identity: PluginIdentity(name: ProviderFixture.name, version: "1.0.0"),
                kind: .provider,
                libraryPath: try ProviderFixture.folder() + "/skill.so",
                config: [:],
                services: BareServices(),
                mode: mode,
                limits: WorkerLimits(memoryBytes: 512 << 20, threads: 64, openFiles: 64, maxFileBytes: 1 << 20),
                readableFolders: [],
                logger: heard.logger
            )
            let listener = heard.listener
            let runtime = WorkerRuntime(executable: SourceTree.hostExecutable, settings: .calm)
            return Provider(worker: try await Blocking.run { try Worker.start(plan, in: runtime, listener: listener) })
        }

        func call(_ operation: String, _ parameters: String, events: EventQueue? = nil) async -> CallOutcome? {
            await worker.call(
                SkillCall(
                    operation: operation,
                    parameters: Array(parameters.utf8),
                    context: CallContext(requestID: "request"),
                    timeout: .seconds(20),
                    events: events
                )
            )
        }

        func vectors(_ parameters: String) async throws -> [[Float]] {
            let events = EventQueue()
            async let outcome = call("embed", parameters, events: events)
            var all: [[Float]] = []
            while let event = await events.next() { all.append(try #require(VectorEvent(event)?.values)) }
            #expect(await outcome?.text?.hasPrefix(#"{"status":0"#) == true)
            return all
        }
    }
}
