import Testing

/// Bodies of chat requests that are wrong in one way.
enum OpenAIBodies {
    struct Refused: Sendable, CustomTestStringConvertible {
        let body: String
        let code: String
        let param: String?

        init(_ body: String, _ code: String, _ param: String?) {
            (self.body, self.code, self.param) = (body, code, param)
        }

        var testDescription: String { String(body.prefix(80)) }
    }

    private static func with(_ members: String) -> String {
        #"{"model":"small","messages":[{"role":"user","content":"Hi"}],"# + members + "}"
    }

    private static func saying(_ messages: String) -> String { #"{"model":"small","messages":"# + messages + "}" }

    static let refused: [Refused] = notJSON + incomplete + messages + settings

    private static let notJSON: [Refused] = [
        Refused("", "invalid_json", nil), Refused("[]", "invalid_request", nil),
        Refused("\u{FEFF}{}", "invalid_json", nil), Refused(#"{"model":"a","model":"b"}"#, "duplicate_key", nil),
        Refused(String(repeating: "[", count: 100_000), "json_too_deep", nil),
        Refused(with(#""x":"\ud800""#), "invalid_json", nil), Refused(with(#""temperature":NaN"#), "invalid_json", nil),
    ]

    private static let incomplete: [Refused] = [
        Refused("{}", "missing_required_parameter", "model"),
        Refused(#"{"model":7,"messages":[]}"#, "invalid_type", "model"),
        Refused(#"{"model":"","messages":[]}"#, "invalid_value", "model"),
        Refused(
            #"{"model":"\#(String(repeating: "m", count: 4_000_000))","messages":[]}"#,
            "invalid_value",
            "model"
        ),
        Refused(#"{"model":"small"}"#, "missing_required_parameter", "messages"),
        Refused(#"{"model":"small","messages":"Hi"}"#, "invalid_type", "messages"),
        Refused(#"{"model":"small","messages":{}}"#, "invalid_type", "messages"),
        Refused(#"{"model":"small","messages":[]}"#, "empty_array", "messages"),
    ]

    private static let messages: [Refused] = [
        Refused(saying(#"["Hi"]"#), "invalid_type", "messages[0]"),
        Refused(saying(#"[{"content":"Hi"}]"#), "missing_required_parameter", "messages[0].role"),
        Refused(saying(#"[{"role":"self","content":"Hi"}]"#), "invalid_value", "messages[0].role"),
        Refused(saying(#"[{"role":1,"content":"Hi"}]"#), "invalid_type", "messages[0].role"),
        Refused(saying(#"[{"role":"user"}]"#), "missing_required_parameter", "messages[0].content"),
        Refused(saying(#"[{"role":"user","content":7}]"#), "invalid_type", "messages[0].content"),
        Refused(saying(#"[{"role":"user","content":["Hi"]}]"#), "invalid_type", "messages[0].content[0]"),
        Refused(
            saying(#"[{"role":"user","content":[{"text":"Hi"}]}]"#),
            "missing_required_parameter",
            "messages[0].content[0].type"
        ),
        Refused(
            saying(#"[{"role":"tool","content":"4"}]"#),
            "missing_required_parameter",
            "messages[0].tool_call_id"
        ),
    ]

    private static let settings: [Refused] = [
        Refused(with(#""n":0"#), "integer_out_of_range", "n"),
        Refused(with(#""n":9223372036854775808"#), "invalid_type", "n"),
        Refused(with(#""n":1.5"#), "invalid_type", "n"), Refused(with(#""stream":"yes""#), "invalid_type", "stream"),
        Refused(with(#""temperature":"hot""#), "invalid_type", "temperature"),
        Refused(with(#""temperature":1e400"#), "invalid_value", "temperature"),
        Refused(with(#""max_tokens":"9""#), "invalid_type", "max_tokens"),
        Refused(with(#""stop":[1]"#), "invalid_type", "stop"),
        Refused(with(#""stream_options":{"include_usage":true}"#), "invalid_value", "stream_options"),
        Refused(with(#""stream":true,"stream_options":[]"#), "invalid_type", "stream_options"),
        Refused(with(#""tools":{}"#), "invalid_type", "tools"),
        Refused(with(#""tools":[{"type":"function"}]"#), "missing_required_parameter", "tools[0].function.name"),
        Refused(with(#""response_format":"json""#), "invalid_type", "response_format"),
    ]
}
