import PraximousJSON
import Testing

@Suite("What is JSON") struct AcceptedTests {
    @Test(
        "is read as the value it spells",
        arguments: [
            ("null", nil), ("true", true), ("false", false), ("0", 0), ("-1", -1), (#""""#, ""), ("[]", []),
            ("{}", [:]),
            (" \t\r\n1 \t\r\n", 1),
            ("[ 1 , [ ] , { } ]", [1, [], [:]]),
            (#" { "a" : [ true , null ] } "#, ["a": [true, nil]]),
            (#"{"":{"":0}}"#, ["": ["": 0]]),
            (#"{"b":1,"a":{"c":"d"}}"#, ["b": 1, "a": ["c": "d"]]),
            ("\"\u{7F}\u{80}\u{2028}\u{FEFF}\u{FFFF}\u{10FFFF}\"", "\u{7F}\u{80}\u{2028}\u{FEFF}\u{FFFF}\u{10FFFF}"),
        ] as [(String, JSON)]
    )
    func values(_ text: String, _ value: JSON) throws {
        #expect(try JSON.parse(text) == value)
        #expect(validationError(Array(text.utf8)) == nil)
    }

    @Test(
        "has its escapes resolved",
        arguments: [
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
            (#""\u0041\u00e9\u20AC""#, "Aé€"),
            (#""\ud834\udd1e""#, "\u{1D11E}"),
            (#""\uD800\uDC00""#, "\u{10000}"),
            (#""\uDBFF\uDFFF""#, "\u{10FFFF}"),
            (#""\uD7FF\uE000""#, "\u{D7FF}\u{E000}"),
            (#""\u0000""#, "\0"),
            (#""\uFEFF\uFFFF""#, "\u{FEFF}\u{FFFF}"),
            (#""é\nü\\u0041""#, "é\nü\\u0041"),
            (#""\\\\""#, "\\\\"),
        ]
    )
    func escapes(_ text: String, _ value: String) throws {
        let read = try #require(try JSON.parse(text).stringValue)
        #expect(Array(read.utf8) == Array(value.utf8))
        #expect(validationError(Array(text.utf8)) == nil)
    }

    @Test(
        "keeps the text of its numbers",
        arguments: [
            "0", "-0", "-0.0", "1E+2", "1e-2", "1e999", "-1e999", "1.000", "0.1e1", "100E0",
            "123456789012345678901234567890", "-9223372036854775809", "3.14159265358979323846264338327950288",
        ]
    )
    func numbers(_ text: String) throws {
        #expect(try JSON.parse(text).text == text)
        #expect(try JSON.parse("[" + text + "]").text == "[" + text + "]")
        #expect(validationError(Array(text.utf8)) == nil)
    }

    @Test(
        "tells its kind in JSON Schema's words",
        arguments: [
            ("null", "null"), ("true", "boolean"), ("1", "integer"), ("-0", "integer"), ("1.0", "number"),
            ("1e2", "number"), ("1E2", "number"), (#""""#, "string"), ("[]", "array"), ("{}", "object"),
        ]
    )
    func kinds(_ text: String, _ kind: String) throws {
        #expect(try JSON.parse(text).typeName == kind)
    }

    @Test("answers only to the accessor of its kind")
    func accessors() throws {
        let value = try JSON.parse(#"{"n":null,"b":true,"i":7,"d":1.5,"s":"x","a":[1],"o":{}}"#)
        #expect(value["n"] == JSON.null)
        #expect(value["b"]?.boolValue == true)
        #expect(value["i"]?.intValue == 7)
        #expect(value["i"]?.doubleValue == 7)
        #expect(value["d"]?.doubleValue == 1.5)
        #expect(value["d"]?.intValue == nil)
        #expect(value["s"]?.stringValue == "x")
        #expect(value["a"]?.arrayValue == [1])
        #expect(value["o"]?.objectValue?.isEmpty == true)
        #expect(value["missing"] == nil)
        #expect(value["s"]?["x"] == nil)
        #expect(value["i"]?.boolValue == nil)
        #expect(value["b"]?.intValue == nil)
        #expect(value["i"]?.stringValue == nil)
        #expect(value.arrayValue == nil)
    }
}
