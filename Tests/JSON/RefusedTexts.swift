import PraximousJSON
import Testing

/// A text that is not JSON, with why and where.
struct RefusedText: Sendable, CustomTestStringConvertible {
    let text: String
    let reason: JSONError.Reason
    let offset: Int

    init(_ text: String, _ reason: JSONError.Reason, _ offset: Int) {
        self.text = text
        self.reason = reason
        self.offset = offset
    }

    var testDescription: String { "\(text.prefix(40).debugDescription): \(reason)" }

    static let structure = [
        RefusedText("", .unexpectedEnd, 0),
        RefusedText("  ", .unexpectedEnd, 2),
        RefusedText("[", .unexpectedEnd, 1),
        RefusedText("[1", .unexpectedEnd, 2),
        RefusedText("[1,", .unexpectedEnd, 3),
        RefusedText("{", .unexpectedEnd, 1),
        RefusedText(#"{"a""#, .unexpectedEnd, 4),
        RefusedText(#"{"a":"#, .unexpectedEnd, 5),
        RefusedText(#"{"a":1"#, .unexpectedEnd, 6),
        RefusedText(#"{"a":1,"#, .unexpectedEnd, 7),
        RefusedText("tru", .unexpectedEnd, 0),
        RefusedText("[1,]", .unexpectedCharacter, 3),
        RefusedText("[,1]", .unexpectedCharacter, 1),
        RefusedText("[1 2]", .unexpectedCharacter, 3),
        RefusedText("[1}", .unexpectedCharacter, 2),
        RefusedText("{1:2}", .unexpectedCharacter, 1),
        RefusedText(#"{"a" 1}"#, .unexpectedCharacter, 5),
        RefusedText(#"{"a":1,}"#, .unexpectedCharacter, 7),
        RefusedText(#"{"a":1]"#, .unexpectedCharacter, 6),
        RefusedText("{a:1}", .unexpectedCharacter, 1),
        RefusedText("'a'", .unexpectedCharacter, 0),
        RefusedText("trub", .unexpectedCharacter, 0),
        RefusedText("True", .unexpectedCharacter, 0),
        RefusedText("NaN", .unexpectedCharacter, 0),
        RefusedText("Infinity", .unexpectedCharacter, 0),
        RefusedText("/* */ 1", .unexpectedCharacter, 0),
        RefusedText("\u{A0}1", .unexpectedCharacter, 0),
        RefusedText("\u{C}1", .unexpectedCharacter, 0),
        RefusedText("\0", .unexpectedCharacter, 0),
        RefusedText("1 2", .trailingData, 2),
        RefusedText("[]]", .trailingData, 2),
        RefusedText("{}{}", .trailingData, 2),
        RefusedText("true\0", .trailingData, 4),
        RefusedText("\u{FEFF}1", .byteOrderMark, 0),
        RefusedText(#"{"a":1,"a":2}"#, .duplicateKey, 7),
        RefusedText(#"{"a":1,"\u0061":2}"#, .duplicateKey, 7),
        RefusedText(#"{"é":1,"\u00e9":2}"#, .duplicateKey, 8),
        RefusedText(#"[{"":1,"":2}]"#, .duplicateKey, 7),
    ]

    static let numbers = [
        RefusedText("-", .unexpectedEnd, 1),
        RefusedText("1.", .unexpectedEnd, 2),
        RefusedText("1e", .unexpectedEnd, 2),
        RefusedText("1e+", .unexpectedEnd, 3),
        RefusedText("-a", .invalidNumber, 1),
        RefusedText("--1", .invalidNumber, 1),
        RefusedText("-.5", .invalidNumber, 1),
        RefusedText("01", .invalidNumber, 1),
        RefusedText("-00", .invalidNumber, 2),
        RefusedText("1.e5", .invalidNumber, 2),
        RefusedText("1.-5", .invalidNumber, 2),
        RefusedText("1ee5", .invalidNumber, 2),
        RefusedText("+1", .unexpectedCharacter, 0),
        RefusedText(".5", .unexpectedCharacter, 0),
        RefusedText("0x1F", .trailingData, 1),
        RefusedText("1_000", .trailingData, 1),
        RefusedText("1.2.3", .trailingData, 3),
        RefusedText("１", .unexpectedCharacter, 0),
    ]

    static let strings = [
        RefusedText(#"""#, .unexpectedEnd, 1),
        RefusedText(#""abc"#, .unexpectedEnd, 4),
        RefusedText(#""abc\"#, .unexpectedEnd, 5),
        RefusedText(#""\u00"#, .unexpectedEnd, 5),
        RefusedText("\"a\nb\"", .controlCharacter, 2),
        RefusedText("\"\\n\u{1F}\"", .controlCharacter, 3),
        RefusedText("\"\0\"", .controlCharacter, 1),
        RefusedText("{\"a\t\":1}", .controlCharacter, 3),
        RefusedText(#""\x41""#, .invalidEscape, 2),
        RefusedText(#""\'""#, .invalidEscape, 2),
        RefusedText(#""\U0041""#, .invalidEscape, 2),
        RefusedText(#""\u12g4""#, .invalidEscape, 5),
        RefusedText(#""\u 123""#, .invalidEscape, 3),
        RefusedText(#""\u+123""#, .invalidEscape, 3),
        RefusedText(#""\ud834\u12""#, .invalidEscape, 11),
        RefusedText(#""\ud834""#, .loneSurrogate, 1),
        RefusedText(#""ab\uDC00""#, .loneSurrogate, 3),
        RefusedText(#""\ud834x""#, .loneSurrogate, 1),
        RefusedText(#""\ud834\n""#, .loneSurrogate, 1),
        RefusedText(#""\ud834\ud834""#, .loneSurrogate, 1),
        RefusedText(#""\ud834\u0041""#, .loneSurrogate, 1),
        RefusedText(#""\udd1e\ud834""#, .loneSurrogate, 1),
    ]
}
