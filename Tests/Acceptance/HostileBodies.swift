/// Request bodies in the manner of JSONTestSuite, with what they must lead to.
enum HostileBodies {
    struct Refused: Sendable {
        let name: String
        let bytes: [UInt8]
        var status = 422
        let code: String
    }

    struct Accepted: Sendable {
        let name: String
        let bytes: [UInt8]
    }

    static let refused: [Refused] =
        notJSON.map { Refused(name: $0, bytes: Array($0.utf8), code: "invalid_json") }
        + inRequest.map { Refused(name: $0, bytes: request($0), code: "invalid_json") }
        + notUTF8.map { Refused(name: "\($0)", bytes: request(bytes: $0), code: "invalid_json") }
        + otherEncodings.map { Refused(name: $0.name, bytes: $0.bytes, code: "invalid_json") }
        + duplicates.map { Refused(name: $0, bytes: Array($0.utf8), code: "duplicate_key") }
        + deep.map { Refused(name: $0.name, bytes: $0.bytes, code: "json_too_deep") }
        + notRequests.map { Refused(name: $0, bytes: Array($0.utf8), code: "invalid_request") }

    static let accepted: [Accepted] = inRequestAccepted.map { Accepted(name: $0, bytes: request($0)) } + whole

    /// A right request but for the value of one member.
    private static func request(_ value: String) -> [UInt8] { request(bytes: Array(value.utf8)) }

    private static func request(bytes: [UInt8]) -> [UInt8] {
        Array(#"{"task_type":"echo","prompt":"hi","extra":"#.utf8) + bytes + [UInt8(ascii: "}")]
    }

    /// Whole bodies.
    private static let notJSON = [
        "", " ", "\n\r\t", "{", "}", "[", "]", "{]", "[}", "{}}", "[[]", "[]]", "{\"a\"", "{\"a\":", "{\"a\":1",
        "{\"a\":1,",
        "{,}", "{,\"a\":1}", "{\"a\":1,}", "{\"a\":1,,\"b\":2}", "{\"a\" 1}", "{\"a\"::1}", "{\"a\":1 \"b\":2}",
        "{a:1}", "{'a':1}",
        "{1:1}", "{null:1}", "{\"a\":1}{\"b\":2}", "{\"a\":1} x", "{\"a\":1}\u{0}", "\u{0}", "[1,]", "[,1]", "[1,,2]",
        "[1 2]", "[1:2]",
        "\"", "\"abc", "'abc'", "abc", "nul", "nulll", "tru", "truee", "TRUE", "True", "False", "None", "undefined",
        "// comment\n{}", "{} // comment", "/* */ {}", "{\"a\":/*c*/1}", "# {}", "<xml/>", "task_type=echo&prompt=hi",
        "{\"a\":1};", "callback({})", "\u{FEFF}{}", "\u{FEFF}", "{\u{A0}\"a\":1}", "{\u{2028}\"a\":1}", "\u{C}{}",
        "\u{B}[]", "{\"a\":\u{FEFF}1}",
        "--", "-", "+", ".", "e", "\\u0000", "data: {}\n\n", "[\"a\",\n4\n,1,", "{\"asd\":\"asd\"", "*",
        "{\"a\":\"b\"}#{}",
    ]

    /// Values of a member.
    private static let inRequest = [
        "NaN", "-NaN", "nan", "Infinity", "-Infinity", "+1", "-", "--1", "01", "-01", "00", "1.", ".5", "-.5", "1.e1",
        "1e", "1e+",
        "1E-", "1e1.5", "0x10", "1_000", "1,", "1 000", "0b1", "1f", "1n", "１", "1e5x", "0.1.2", "0e", "2.e3", "9.e+",
        "-2.",
        "\"\\a\"", "\"\\'\"", "\"\\x41\"", "\"\\0\"", "\"\\\"", "\"\\u\"", "\"\\u12\"", "\"\\u123\"", "\"\\u12G4\"",
        "\"\\u 123\"",
        "\"\\U0041\"", "\"\\u{41}\"", "\"\\\u{9}\"", "\"\u{0}\"", "\"\u{1}\"", "\"\u{1F}\"", "\"a\nb\"", "\"a\tb\"",
        "\"a\rb\"", "\"\u{8}\"",
        "\"\\uD800\"", "\"\\uDC00\"", "\"\\uDFFF\"", "\"\\uD800\\uD800\"", "\"\\uD800\\u0041\"", "\"\\uD800abc\"",
        "\"\\uDC00\\uD800\"",
        "\"\\uD83D\\u\"", "\"\\uD83D\\uDE0\"", "\"\\ud800\\n\"", "\"\\uDBFF\\uE000\"", "\"\\u00A\"", "\"\\é\"",
        "\"\\\\\\\"",
        "[1", "[1,2", "{\"b\":[}", "[{]}", "[\"a\"", "\"a", "true1", "fals", "nulL", "(1)", "[1;2]", "[\"\":1]",
        "{[]:1}", "{\"a\":}",
    ]

    private static let notUTF8: [[UInt8]] = [
        quoted([0xFF]), quoted([0xFE]), quoted([0x80]), quoted([0xC0, 0x80]), quoted([0xC0, 0xAF]),
        quoted([0xC1, 0xBF]),
        quoted([0xC3]), quoted([0xC3, 0x28]), quoted([0xE2, 0x82]), quoted([0xE0, 0x80, 0xAF]),
        quoted([0xED, 0xA0, 0x80]),
        quoted([0xED, 0xBF, 0xBF]), quoted([0xF0, 0x80, 0x80, 0x80]), quoted([0xF4, 0x90, 0x80, 0x80]),
        quoted([0xF5, 0x80, 0x80, 0x80]),
        quoted([0xF8, 0x88, 0x80, 0x80, 0x80]), quoted([0xFC, 0x84, 0x80, 0x80, 0x80, 0x80]), quoted([0x61, 0xBF]),
        [0xE9], [0xC3, 0xA9],
        quoted([0x5C, 0x6E, 0xFF]), quoted([0x5C, 0xC3, 0xA9]),
    ]

    private static func quoted(_ bytes: [UInt8]) -> [UInt8] { [0x22] + bytes + [0x22] }

    private static let otherEncodings: [(name: String, bytes: [UInt8])] = [
        ("a key that is not UTF-8", [0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D]),
        ("UTF-16 little-endian with mark", [0xFF, 0xFE, 0x7B, 0x00, 0x7D, 0x00]),
        ("UTF-16 big-endian with mark", [0xFE, 0xFF, 0x00, 0x7B, 0x00, 0x7D]),
        ("UTF-16 little-endian", [0x7B, 0x00, 0x7D, 0x00]),
        ("UTF-32", [0x7B, 0x00, 0x00, 0x00, 0x7D, 0x00, 0x00, 0x00]),
        ("half a byte order mark", [0xEF, 0xBB, 0x7B, 0x7D]),
        ("gzip", [0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00]),
        ("CBOR", [0xA1, 0x61, 0x61, 0x01]),
    ]

    private static let duplicates = [
        #"{"task_type":"echo","task_type":"echo","prompt":"x"}"#, #"{"task_type":"echo","prompt":"x","prompt":"y"}"#,
        #"{"task_type":"echo","prompt":"x","a":{"b":1,"b":1}}"#,
        #"{"task_type":"echo","prompt":"x","a":[{"b":1,"b":2}]}"#,
        #"{"a":1,"\u0061":2}"#, #"{"":1,"":2}"#, #"{"\/":1,"/":2}"#,
        "{" + (0..<40).map { "\"k\($0)\":1" }.joined(separator: ",") + ",\"k7\":2}",
    ]

    private static let deep: [(name: String, bytes: [UInt8])] = [
        ("100,000 arrays", nested("[", "]", 100_000)),
        ("100,000 arrays, open", Array(repeating: UInt8(ascii: "["), count: 100_000)),
        ("a million arrays, open", Array(repeating: UInt8(ascii: "["), count: 1_000_000)),
        ("100,000 objects", nested(#"{"a":"#, "}", 100_000, core: "1")),
        ("objects and arrays", nested(#"[{"a":"#, "}]", 50_000, core: "1")),
        ("129 arrays", nested("[", "]", 129)),
        ("128 arrays in a request", request(bytes: nested("[", "]", 128))),
        ("spaces between", nested("[ \n", " ]", 2000)),
    ]

    private static func nested(_ open: String, _ close: String, _ depth: Int, core: String = "") -> [UInt8] {
        Array((String(repeating: open, count: depth) + core + String(repeating: close, count: depth)).utf8)
    }

    /// JSON, but no request.
    private static let notRequests = [
        "{}", "[]", "null", "true", "false", "0", "-0", "1e999", "\"\"", "\"echo\"", "[{}]", #"{"prompt":"x"}"#,
        #"{"Task_Type":"echo"}"#,
        #"{"task_type":null}"#, #"{"task_type":1}"#, #"{"task_type":["echo"]}"#, #"{"task_type":{"a":1}}"#,
        #"{"task_type":true}"#,
        #"{"task_type":"echo","prompt":1}"#, #"{"task_type":"echo","prompt":null}"#,
        #"{"task_type":"echo","prompt":{}}"#,
        " [ ] ", "[[[[[[]]]]]]", #"{"":0}"#, #"{"\u0000":0}"#,
    ]

    private static let inRequestAccepted = [
        "null", "true", "0", "-0", "-0.0", "1e999", "-1e999", "1E+2", "1e-999", "0e0", "0.1e1",
        "123456789012345678901234567890",
        "0.1234567890123456789012345678901234567890", "[]", "{}", "\"\"", "\"\\u0000\"", "\"\\uD83D\\uDE00\"",
        "\"\\uFFFF\"",
        "\"\\u2028\"", "\"\u{7F}\"", "\"\u{FEFF}\"", "\"\u{10FFFF}\"", "\"\\/\"", "\"\\\\u0000\"", "[null,1,\"1\",{}]",
        " [ 1 , 2 ] ",
        "{\"e\u{301}\":1,\"é\":2}", "{\"a\":1,\"A\":2}", "{\"__proto__\":{}}", "{\"\":{\"\":{\"\":1}}}",
        String(repeating: "[", count: 127) + String(repeating: "]", count: 127),
    ]

    private static let whole: [Accepted] = [
        Accepted(
            name: "white space around",
            bytes: Array(" \r\n\t{\"task_type\" : \"echo\" , \"prompt\" : \"x\" } \n".utf8)
        ),
        Accepted(name: "escaped names", bytes: Array(#"{"t\u0061sk_type":"\u0065cho","prompt":"x"}"#.utf8)),
        Accepted(
            name: "a thousand members",
            bytes: Array(
                ("{\"task_type\":\"echo\",\"prompt\":\"x\"" + (0..<1000).map { ",\"k\($0)\":\($0)" }.joined() + "}")
                    .utf8
            )
        ),
        Accepted(
            name: "a hundred thousand numbers",
            bytes: Array(
                ("{\"task_type\":\"echo\",\"prompt\":\"x\",\"n\":[0" + String(repeating: ",1", count: 100_000) + "]}")
                    .utf8
            )
        ),
    ]
}
