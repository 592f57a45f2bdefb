import Core
import PluginRuntime
import Testing

@Suite("What a plugin says") struct PluginWordTests {
    @Test(
        "is an error's code when it is a word for programs, else that code is plugin_failed",
        arguments: [
            ("bad_input", "bad_input"), ("x-1.2", "x-1.2"), (String(repeating: "a", count: 64), nil),
            ("", "plugin_failed"), ("Bad", "plugin_failed"), ("a b", "plugin_failed"),
            ("a\nX: 1\n\u{1B}[31m", "plugin_failed"), ("a" + String(repeating: "\u{301}", count: 9), "plugin_failed"),
            (String(repeating: "a", count: 65), "plugin_failed"),
        ] as [(String, String?)]
    )
    func code(_ text: String, _ code: String?) { #expect(Failure.code(ofPlugin: text) == code ?? text) }

    @Test("is cut by its bytes, after a whole scalar")
    func cut() {
        #expect("abc".cut(toBytes: 3) == "abc")
        #expect("abc".cut(toBytes: 2) == "ab")
        #expect("aé".cut(toBytes: 2) == "a")
        // One character, however long.
        #expect(("a" + String(repeating: "\u{301}", count: 450_000)).cut(toBytes: 64).utf8.count == 63)
    }
}
