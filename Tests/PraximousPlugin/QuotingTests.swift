import PraximousPlugin
import Testing

@Suite("Text quoted for an error message")
struct QuotingTests {
    @Test(
        "shows what cannot be seen",
        arguments: [
            ("plain", "'plain'"), ("", "''"), ("it's", "\"it's\""), ("say \"it's\"", "'say \"it\\'s\"'"),
            ("a\\b\n\r\t", #"'a\\b\n\r\t'"#), ("\u{0}\u{7F}\u{A0}\u{AD}", #"'\x00\x7f\xa0\xad'"#),
            ("\u{FEFF}a\u{2028}", #"'\ufeffa\u2028'"#), ("é 漢 😀", "'é 漢 😀'"),
            ("\u{E0001}\u{10FFFF}", #"'\U000e0001\U0010ffff'"#), ("👩\u{200D}👧", #"'👩\u200d👧'"#),
        ]
    )
    func quoted(text: String, expected: String) {
        #expect(text.quoted == expected)
        #expect(text[...].quoted == expected)
    }
}
