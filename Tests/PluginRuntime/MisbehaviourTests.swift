import CPraximous
import Core
import PluginRuntime
import PraximousJSON
import Testing

@Suite("A plugin that misbehaves") struct MisbehaviourTests {
    struct Misuse: Sendable, CustomTestStringConvertible {
        let operation: String
        /// The result's text, or else what the caller hears.
        var result: String?
        var kind: Failure.Kind?
        var code: String?
        /// Words of the line in the host's log that names the plugin.
        var logged: String?

        var testDescription: String { operation }
    }

    static let misuses = [
        Misuse(operation: "ok", result: #"{"ok":true}"#),
        Misuse(operation: "finish_twice", result: #"{"ok":true}"#, logged: "ended a call twice"),
        Misuse(operation: "fail_twice", kind: .denied, code: "first", logged: "ended a call twice"),
        Misuse(operation: "fail_then_finish", kind: .rateLimit, code: "slow_down", logged: "ended a call twice"),
        Misuse(operation: "finish_then_negative", result: #"{"ok":true}"#),
        Misuse(operation: "finish_then_pending", result: #"{"ok":true}"#),
        Misuse(operation: "emit_after_end", result: #"{"ok":true}"#),
        Misuse(operation: "no_end", kind: .internal, code: "no_result", logged: "without finish() or fail()"),
        Misuse(operation: "positive", kind: .internal, code: "no_result", logged: "without finish() or fail()"),
        Misuse(operation: "negative", kind: .unavailable, code: "plugin_failed"),
        Misuse(operation: "most_negative", kind: .internal, code: "plugin_failed"),
        Misuse(operation: "fail_with_success", kind: .internal, code: "plugin_failed"),
        Misuse(operation: "fail_with_nonsense", kind: .internal, code: "plugin_failed"),
        Misuse(operation: "not_json", kind: .internal, code: "bad_output"),
        Misuse(operation: "two_values", kind: .internal, code: "bad_output"),
        Misuse(operation: "empty", kind: .internal, code: "bad_output"),
        Misuse(operation: "absent", kind: .internal, code: "bad_output"),
        Misuse(operation: "not_utf8", kind: .internal, code: "bad_output"),
        Misuse(operation: "endless_length", kind: .internal, code: "too_large"),
        Misuse(operation: "large", kind: .internal, code: "too_large"),
        Misuse(operation: "huge_log", result: #"{"ok":true}"#),
        Misuse(operation: "nulls", result: "0"),
        Misuse(operation: "invented", result: "0"),
        Misuse(operation: "unknown operation", kind: .unsupported, code: "plugin_failed"),
    ]

    @Test("is answered with codes and a line in the log, and goes on serving", arguments: misuses)
    func misuse(_ misuse: Misuse) async throws {
        let plugin = try Behaviours()
        let outcome = await plugin.call(misuse.operation)
        #expect(outcome.text == misuse.result)
        #expect(outcome.failure?.kind == misuse.kind)
        #expect(outcome.failure?.code == misuse.code)
        if let words = misuse.logged {
            // The first end answers the caller; the second may come, and be reported, a moment later.
            var line: String?
            for _ in 0..<100_000 where line == nil {
                line = plugin.log.lines.first { $0.contains("plugin misbehaving") }
                if line == nil { await Task.yield() }
            }
            let reported = line ?? ""
            #expect(reported.contains(words))
            #expect(reported.contains("plugin=test/plain"))
            #expect(reported.contains("request.id=request-\(misuse.operation)"))
        }
        #expect(await plugin.call("ok").text == #"{"ok":true}"#)
    }

    @Test("cannot end a later call with the handle of an earlier one")
    func staleHandle() async throws {
        let plugin = try Behaviours()
        for _ in 0..<100 {
            #expect(await plugin.call("remember").text == #"{"ok":true}"#)
            let status = await plugin.result("stale").intValue
            #expect(status == -4 || status == -14)
        }
    }

    @Test("gets its log fields cut, not the host stopped")
    func hugeLog() async throws {
        let plugin = try Behaviours()
        _ = await plugin.call("huge_log")
        let longest = plugin.log.lines.map(\.utf8.count).max() ?? 0
        #expect(longest > 8000)
        #expect(longest < 300_000)
    }

    @Test("keeps the message, the details and the patience of its failure")
    func failure() async throws {
        let failure = try await Behaviours().call("fail_then_finish").failure
        #expect(failure?.message == "Slow down. (Details: soon)")
        #expect(failure?.retryAfterMilliseconds == 1500)
    }

    @Test("is given the whole request, the context and results of a megabyte")
    func ordinary() async throws {
        let plugin = try Behaviours()
        let parameters: JSON = ["prompt": "é\u{0}", "number": 1, "deep": [[["x"]]]]
        #expect(await plugin.call("params", parameters: parameters).text == parameters.text)
        #expect(await plugin.call("context").text == #"{"id":"request-context","caller":"key"}"#)
        #expect(await plugin.call("just_right").text?.utf8.count == 1 << 20)
    }

    @Test("is given its configuration and declared secrets, and no others")
    func settings() async throws {
        let plugin = try Behaviours(
            config: ["list": [0, ["a/b": "found"]]],
            secrets: ["THE_SECRET": Secret("twelve bytes")]
        )
        #expect(await plugin.result("config") == ["status": 0, "length": 7])
        let secret = await plugin.result("secret")
        #expect(secret == ["status": 0, "length": 12])
        let other = await plugin.result("other_secret")
        #expect(other["length"] == 0)
        #expect([-3, -4].contains(other["status"]?.intValue))
        #expect(!plugin.log.lines.joined().contains("twelve bytes"))
    }
}
