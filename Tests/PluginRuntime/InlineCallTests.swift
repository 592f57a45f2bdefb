import Core
import PluginRuntime
import Testing

@Suite("A call on the caller's own thread", .timeLimit(.minutes(1))) struct InlineCallTests {
    @Test("gives results and failures, one after the other")
    func ordinary() throws {
        let plugin = try Behaviours()
        let caller = try #require(plugin.calls.inlineCaller(of: plugin.instance))
        caller.context = CallContext(requestID: "inline", keyID: "key")
        #expect(call(caller, "ok").text == #"{"ok":true}"#)
        #expect(call(caller, "fail_twice").failure?.code == "first")
        #expect(call(caller, "ok").text == #"{"ok":true}"#)
        #expect(call(caller, "no_end").failure?.code == "no_result")
        #expect(call(caller, "negative").failure?.kind == .unavailable)
        #expect(call(caller, "not_json").failure?.code == "bad_output")
        #expect(call(caller, "large").failure?.code == "too_large")
        #expect(call(caller, "just_right").text?.utf8.count == 1 << 20)
        #expect(call(caller, "context").text == #"{"id":"inline","caller":"key"}"#)
        #expect(call(caller, "ok").text == #"{"ok":true}"#)
    }

    @Test("tells the plugin when its deadline has passed")
    func deadline() throws {
        let plugin = try Behaviours()
        let caller = try #require(plugin.calls.inlineCaller(of: plugin.instance))
        let outcome = caller.checkedCall(
            operation: "until_cancelled",
            parameters: Array("{}".utf8),
            timeout: .milliseconds(20)
        )
        #expect(outcome.failure?.kind == .deadline)
        #expect(call(caller, "ok").text == #"{"ok":true}"#)
    }

    @Test("that is put off fails, and what the plugin says later is not the next call's outcome")
    func putOff() throws {
        let plugin = try Rendezvous()
        let caller = try #require(plugin.calls.inlineCaller(of: plugin.instance))
        #expect(call(caller, "put_off").failure?.message == "The skill put off a quick call.")
        plugin.go.post()
        #expect(plugin.started.block())
        #expect(call(caller, "ok").text == "0")
        #expect(call(caller, "count").text == "-14" || call(caller, "count").text == "-4")
    }

    @Test("is not offered for a plugin that takes one call at a time, nor for one on its way out")
    func refused() throws {
        let serial = try Rendezvous(isConcurrent: false)
        #expect(serial.calls.inlineCaller(of: serial.instance) == nil)
        let retired = try Rendezvous()
        retired.instance.retire()
        #expect(retired.calls.inlineCaller(of: retired.instance) == nil)
    }

    @Test("keeps its instance alive until the caller is gone")
    func retirement() throws {
        let plugin = try Rendezvous()
        var caller = plugin.calls.inlineCaller(of: plugin.instance)
        plugin.instance.retire()
        #expect(try call(#require(caller), "ok").text == "0")
        #expect(plugin.destroyed.count == 0)
        caller = nil
        #expect(plugin.destroyed.block())
    }

    private func call(_ caller: InlineCaller, _ operation: String) -> CallOutcome {
        caller.checkedCall(operation: operation, parameters: Array("{}".utf8), timeout: .seconds(20))
    }
}
