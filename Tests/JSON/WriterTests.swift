import PraximousJSON
import Testing

@Suite("Written JSON") struct WriterTests {
    @Test(
        "is compact and in order",
        arguments: [
            (nil, "null"), (true, "true"), (false, "false"), (-5, "-5"), ("", "\"\""), ([], "[]"), ([:], "{}"),
            ([1, [2, []], [:]], "[1,[2,[]],{}]"), (["z": 1, "a": ["b": nil]], #"{"z":1,"a":{"b":null}}"#),
        ] as [(JSON, String)]
    )
    func compact(_ value: JSON, _ text: String) {
        #expect(value.text == text)
        #expect(value.encoded() == Array(text.utf8))
    }

    @Test(
        "escapes what must be escaped and nothing else",
        arguments: [
            ("\"", #""\"""#), ("\\", #""\\""#), ("/", #""/""#), ("\n\r\t\u{8}\u{C}", #""\n\r\t\b\f""#),
            ("\0\u{1}\u{1F}", #""\u0000\u0001\u001f""#), ("\u{7F}\u{80}\u{2028}", "\"\u{7F}\u{80}\u{2028}\""),
            ("é€😀", #""é€😀""#), ("a\"b\\c\nd", #""a\"b\\c\nd""#), ("\r\n", #""\r\n""#), ("</script>", #""</script>""#),
        ]
    )
    func escapes(_ text: String, _ written: String) {
        #expect(JSON.string(text).text == written)
        #expect(JSON.object([text: 1]).text == "{" + written + ":1}")
    }

    @Test("never holds a bare control character", arguments: 0..<0x20 as Range<UInt8>)
    func control(_ byte: UInt8) throws {
        let text = "a" + String(Unicode.Scalar(byte)) + "b"
        let written = JSON.string(text).encoded()
        #expect(written.allSatisfy { $0 >= 0x20 })
        #expect(try JSON.parse(written).stringValue == text)
    }

    @Test(
        "reads back as the same value and the same bytes",
        arguments: [
            #"{"b":[1,1.0,1E+2,-0,1e999],"a":{"é":"\u0000\"","e\#u{301}":[]},"":null,"z":[[[{}]],true,false]}"#,
            #"[123456789012345678901234567890,"😀\\/","\#u{2029}"]"#,
        ]
    )
    func roundTrip(_ text: String) throws {
        let value = try JSON.parse(text)
        #expect(value.text == text)
        #expect(try JSON.parse(value.encoded()) == value)
        #expect(validationError(value.encoded()) == nil)
    }

    @Test("is appended to what is there")
    func appended() {
        var output = Array("data: ".utf8)
        JSON.write("x", to: &output)
        (["a": 1] as JSON).write(to: &output)
        #expect(String(decoding: output, as: UTF8.self) == #"data: "x"{"a":1}"#)
    }
}
