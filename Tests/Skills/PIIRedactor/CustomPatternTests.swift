import PraximousJSON
import TestSupport
import Testing

@Suite("pii_redactor: the caller's patterns")
struct CustomPatternTests {
    private let skill: PluginDriver

    init() throws { skill = try BuiltSkill.piiRedactor.get() }

    private func call(_ pattern: String, _ text: String) -> CallRecord {
        skill.call(
            "redact_text",
            ["text": .string(text), "custom_patterns": [["name": "p", "pattern": .string(pattern)]]]
        )
    }

    @Test(
        "match as they say",
        arguments: [
            (#"TCK-\d{6}"#, "see TCK-123456 and TCK-12345", "see [CUSTOM:p] and TCK-12345"),
            ("a", "banana", "b[CUSTOM:p]n[CUSTOM:p]n[CUSTOM:p]"),
            ("cat|dog", "a cat, a dog", "a [CUSTOM:p], a [CUSTOM:p]"),
            ("[a-c]+", "xabcx", "x[CUSTOM:p]x"), ("[^a-c ]+", "abc xyz", "abc [CUSTOM:p]"),
            ("[]x]", "a]x", "a[CUSTOM:p][CUSTOM:p]"),
            ("[a-]", "b-c", "b[CUSTOM:p]c"), (#"[\d.]+"#, "v 1.2", "v [CUSTOM:p]"),
            ("colou?r", "color colour", "[CUSTOM:p] [CUSTOM:p]"),
            ("x{2,3}", "x xx xxx", "x [CUSTOM:p] [CUSTOM:p]"), ("x{2,}", "x xxxxx", "x [CUSTOM:p]"),
            ("(ab)+", "ababa", "[CUSTOM:p]a"),
            ("(?:ab|c){2}", "abc cab cc", "[CUSTOM:p] [CUSTOM:p] [CUSTOM:p]"),
            ("^a", "a\naa", "[CUSTOM:p]\n[CUSTOM:p]a"),
            ("a$", "aa\na", "a[CUSTOM:p]\n[CUSTOM:p]"),
            (#"\bcat\b"#, "cat concat cat.", "[CUSTOM:p] concat [CUSTOM:p]."),
            (#"\Bat"#, "at cat", "at c[CUSTOM:p]"), ("a.c", "abc a\nc", "[CUSTOM:p] a\nc"),
            (#"\w+@\w+"#, "me@host x", "[CUSTOM:p] x"),
            (#"\S+!"#, "hi there!", "hi [CUSTOM:p]"), (#"\x41B"#, "AB", "[CUSTOM:p]"), (#"ü"#, "über", "[CUSTOM:p]ber"),
            (#"(?i)secret"#, "SeCrEt", "[CUSTOM:p]"), (#"\(x\)"#, "(x)", "[CUSTOM:p]"), (#"\d\d"#, "١٢", "[CUSTOM:p]"),
            ("key", "k\u{200B}ey", "[CUSTOM:p]"), ("a*", "bbb", "bbb"), ("", "abc", "abc"),
            ("(|a)b", "ab b", "[CUSTOM:p] [CUSTOM:p]"),
            ("(a*)*b", "aab", "[CUSTOM:p]"), ("((a{0}){9}){9}b", "b", "[CUSTOM:p]"),
        ]
    )
    func match(_ pattern: String, _ text: String, _ redacted: String) {
        #expect(call(pattern, text).result?["redacted_text"]?.stringValue == redacted)
    }

    @Test(
        "are refused by the name of what is not supported",
        arguments: [
            ("a(?=b)", "uses a lookahead at character 4, which is not supported"),
            ("(?<!b)a", "uses a lookbehind or named group at character 3, which is not supported"),
            ("(?P<n>a)", "uses a named group at character 3, which is not supported"),
            ("(?>a)", "uses an atomic group at character 3, which is not supported"),
            (#"(a)\1"#, "uses a back-reference at character 5, which is not supported"),
            ("a+?", "uses a lazy quantifier at character 3, which is not supported"),
            ("a++", "uses a possessive quantifier at character 3, which is not supported"),
            (#"\p{L}"#, "uses a Unicode property at character 2, which is not supported"),
            ("[[:alpha:]]", "uses a POSIX class at character 2, which is not supported"),
            (#"\z"#, "uses the escape \\z at character 2, which is not supported"),
            ("a{1000}", "uses a repetition of more than 256 at character 7, which is not supported"),
            ("(a", "is malformed at character 3: expected a ) to end the group"),
            ("a)", "is malformed at character 2: expected unmatched )"),
            ("[a", "is malformed at character 3: expected a ] to end the class"),
            ("[z-a]", "is malformed at character 5: expected a range from a smaller to a greater character"),
            ("*a", "is malformed at character 1: expected something to repeat before *"),
            ("a{2,1}", "is malformed at character 7: expected the smaller number first"),
            ("a\\", "is malformed at character 3: expected a character after \\"),
            ("(x{50}){19}", "needs more than 500 states; use fewer or smaller counted repetitions"),
            (String(repeating: "(", count: 30), "nests groups more than 20 deep; flatten it"),
            (String(repeating: "a", count: 257), "is longer than 256 characters; split it into several patterns"),
        ]
    )
    func refused(_ pattern: String, _ reason: String) {
        let failure = call(pattern, "x").failure
        #expect(failure?.message == "Input Error")
        #expect(failure?.details == .string("The pattern 'p' \(reason)."))
    }

    @Test(
        "take time that grows with the text alone",
        .timeLimit(.minutes(1)),
        arguments: ["(a+)+$", "(a|a)*b", "(.*)*x", "a?a?a?a?a?a?a?a?aaaaaaaa", "(a|aa)+c", "[a-z]{1,50}9"]
    )
    func linear(_ pattern: String) {
        #expect(call(pattern, String(repeating: "a", count: 20_000) + "!").result != nil)
    }

    @Test("win over a built-in kind of the same length and cover what they share with a longer one")
    func overlap() {
        #expect(call(#"\S+@\S+"#, "a@example.com").result?["redacted_text"] == "[CUSTOM:p]")
        #expect(call(#"x a@"#, "x a@example.com").result?["redacted_text"] == "[EMAIL]")
        #expect(call(#"4111"#, "4111 1111 1111 1111").result?["counts"] == ["credit_card": 1])
    }

    @Test("are counted and placed under their name")
    func counted() {
        let result = call("ab", "ab ab").result
        #expect(result?["counts"] == ["custom:p": 2])
        #expect(result?["entities"]?.arrayValue?.first?["name"] == "p")
    }
}
