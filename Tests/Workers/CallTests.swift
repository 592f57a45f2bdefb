import Core
import PluginRuntime
import PraximousJSON
import Testing

@testable import Workers

@Suite("A call of a plugin in a worker", .timeLimit(.minutes(2))) struct CallTests {
    @Test("brings the plugin's answer")
    func answer() async throws {
        let plugin = try await ServedPlugin.start()
        #expect(await plugin.call("echo", parameters: Array(#"{"a":1}"#.utf8))?.text == #"{"a":1}"#)
        #expect(await plugin.text("context") == #"{"id":"request-context","caller":"key"}"#)
        #expect(plugin.worker.isConcurrent)
        #expect(plugin.heard.ends.isEmpty)
    }

    @Test("runs in every mode that has a process", arguments: [Manifest.IsolationWish.Mode.process, .sandbox])
    func modes(mode: Manifest.IsolationWish.Mode) async throws {
        let plugin = try await ServedPlugin.start(mode: mode)
        #expect(await plugin.text("slow", 1) == "1")
    }

    @Test("brings a failure as the plugin gave it")
    func failure() async throws {
        let plugin = try await ServedPlugin.start()
        let failure = await plugin.call("fail")?.failure
        #expect(
            failure
                == Failure(
                    .rateLimit,
                    code: "slow_down",
                    message: "Slow down.",
                    details: ["queue": [1, 2]],
                    retryAfterMilliseconds: 1500
                )
        )
    }

    @Test(
        "says which rule of the header the plugin broke",
        arguments: [("no_end", "no_result"), ("not_json", "bad_output")]
    )
    func mistakes(operation: String, code: String) async throws {
        let plugin = try await ServedPlugin.start()
        #expect(await plugin.call(operation)?.failure?.code == code)
        #expect(await plugin.text("slow", 1) == "1")
    }

    @Test("takes parameters and results of every size", arguments: [2, 1000, 256 << 10, 300_000, 1 << 20, 5_000_000])
    func sizes(bytes: Int) async throws {
        let plugin = try await ServedPlugin.start()
        let parameters = [0x22] + [UInt8](repeating: 0x61, count: bytes - 2) + [0x22]
        #expect(await plugin.call("length", parameters: parameters)?.text == "\(bytes)")
        guard case .result(let result) = await plugin.call("echo", parameters: parameters) else {
            Issue.record("no result")
            return
        }
        #expect(result == parameters)
        #expect(await plugin.call("large", bytes)?.text?.utf8.count == bytes)
    }

    @Test("answers in the order of its own, however large parameters and small ones are mixed")
    func mixedSizes() async throws {
        let plugin = try await ServedPlugin.start()
        let large = [0x22] + [UInt8](repeating: 0x61, count: 300_000) + [0x22]
        await withTaskGroup(of: Bool.self) { tasks in
            for caller in 0..<8 {
                tasks.addTask {
                    for round in 0..<150 {
                        let isLarge = (caller + round) % 2 == 0
                        let answer = await plugin.call(
                            "length",
                            parameters: isLarge ? large : Array("12345".utf8),
                            timeout: .seconds(15)
                        )
                        guard answer?.text == (isLarge ? "300002" : "5") else { return false }
                    }
                    return true
                }
            }
            for await isRight in tasks { #expect(isRight) }
        }
    }

    @Test("may fail with a detail larger than a frame")
    func largeFailure() async throws {
        let plugin = try await ServedPlugin.start()
        let failure = await plugin.call("fail_large", 2 << 20)?.failure
        #expect(failure?.code == "bad")
        #expect(failure?.details?.stringValue?.utf8.count == (2 << 20) - 2)
        #expect(await plugin.text("slow", 1) == "1")
    }

    @Test("is refused at once when as many are open as may be")
    func full() async throws {
        let plugin = try await ServedPlugin.start(settings: .calm.with { $0.maxCalls = 1 })
        let first = await plugin.begin("until_cancelled")
        #expect(await plugin.call("echo")?.failure?.code == "too_many_calls")
        first.cancel()
        #expect(await first.value?.failure?.kind == .cancelled)
        #expect(await eventually { await plugin.text("slow", 1) == "1" })
    }
}
