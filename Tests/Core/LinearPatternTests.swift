import Core
import PraximousJSON
import Testing

@Suite struct LinearPatternTests {
    private static func matches(_ pattern: String, _ text: String) throws -> Bool {
        try JSONSchema.compile(["pattern": .string(pattern)]).validate(.string(text)).isEmpty
    }

    @Test(
        "patterns match what ECMA-262 says they match",
        arguments: [
            ("abc", "xabcx", true), ("^abc$", "xabc", false), ("", "", true), ("^$", "", true), ("^$", "a", false),
            ("a|b|c", "zzc", true), ("^(a|b)+$", "abba", true), ("^(a|b)+$", "abca", false), ("a.c", "a\nc", false),
            ("a.c", "aéc", true), ("^a?b*c+$", "bbc", true), ("^a?b*c+$", "aa", false), ("^a{2}$", "aa", true),
            ("^a{2}$", "aaa", false), ("^a{2,}$", "aaaa", true), ("^a{2,3}$", "a", false), ("^a{0}$", "", true),
            ("^a{0,2}$", "aa", true), ("^[a-c]+$", "abcd", false), ("^[^a-c]+$", "xyz", true), ("^[]$", "x", false),
            ("^[\\d-]+$", "1-2", true), ("^[a\\]]+$", "a]", true), ("^\\d{3}$", "123", true), ("^\\d$", "٣", false),
            ("^\\w+$", "a_9", true), ("^\\w$", "é", false), ("^\\s$", "\u{A0}", true), ("^\\S\\D\\W$", "xx-", true),
            ("\\bfoo\\b", "a foo.", true), ("\\bfoo\\b", "afoo", false), ("\\Boo", "foo", true),
            ("^\\u00e9$", "é", true),
            ("^\\x41\\t$", "A\t", true), ("^\\u{1F600}$", "😀", true), ("^.$", "😀", true), ("^(?:ab)*$", "abab", true),
            ("^a+?$", "aaa", true), ("(^a|b)c", "xbc", true), ("(^a|b)c", "xac", false), ("^a|^b", "b", true),
            ("a$|b", "ab", true), ("(a*)*", "b", true), ("^(a*)*$", "b", false), ("(a|)b", "b", true),
            ("\\.", "a.b", true),
            ("^-?(0|[1-9]\\d*)(\\.\\d+)?$", "-12.50", true), ("^-?(0|[1-9]\\d*)(\\.\\d+)?$", "012", false),
        ]
    )
    func matching(_ pattern: String, _ text: String, _ expected: Bool) throws {
        #expect(try Self.matches(pattern, text) == expected)
    }

    @Test(
        "what has no linear matcher, or is no pattern, is refused",
        arguments: [
            "(?=a)", "(?!a)", "(?<n>a)", "(a)\\1", "\\p{L}", "\\k<n>", "(", ")", "[a", "a**", "*a", "a{1001}", "a{2,1}",
            "a{",
            "}", "\\", "[z-a]", "[\\d-z]", "\\u12", "\\u{110000}", "(?:(?:(?:a{1000}){1000}){1000})",
            "(?:(?:(?:){1000}){1000}){1000}", String(repeating: "(", count: 40) + String(repeating: ")", count: 40),
            String(repeating: "a", count: 1025),
        ]
    )
    func refuses(_ pattern: String) {
        #expect(throws: SchemaError.self) { try JSONSchema.compile(["pattern": .string(pattern)]) }
    }

    @Test(
        "patterns that explode elsewhere take linear time",
        .timeLimit(.minutes(1)),
        arguments: ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "^(.*a){20}$", "(x+x+)+y"]
    )
    func hostile(_ pattern: String) throws {
        let text = String(repeating: pattern.contains("x") ? "x" : "a", count: 20_000) + "!"
        #expect(try !Self.matches(pattern, text))
    }

    @Test("the deepest pattern does not exhaust the stack")
    func deep() throws {
        #expect(try Self.matches("^(?:a?){1000}(?:b?){1000}$", String(repeating: "a", count: 1000)))
    }
}
