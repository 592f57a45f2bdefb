import Core
import PraximousJSON

/// What a scalar without quotes means by YAML 1.2's core schema.
enum YAMLScalar: Equatable {
    case null
    case boolean(Bool)
    /// The number as JSON spells it.
    case number(String)
    /// `.inf` and `.nan`, which JSON has no words for.
    case notFinite
    case text

    static func resolve(_ text: String) -> YAMLScalar {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .boolean(true)
        case "false", "False", "FALSE": return .boolean(false)
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF", ".nan", ".NaN", ".NAN":
            return .notFinite
        default: return number(text).map(YAMLScalar.number) ?? .text
        }
    }

    /// Words that older readers of YAML take for booleans: a text that is one of them must be quoted.
    static func isOldBoolean(_ text: String) -> Bool {
        ["yes", "no", "on", "off", "y", "n"].contains(text.lowercased())
    }

    private static func number(_ text: String) -> String? {
        guard let first = text.utf8.first, first < 0x3A, text.utf8.count <= 400 else { return nil }
        if text.hasPrefix("0x") { return UInt64(text.dropFirst(2), radix: 16).map { String($0) } }
        if text.hasPrefix("0o") { return UInt64(text.dropFirst(2), radix: 8).map { String($0) } }
        var rest = text[...]
        let sign = rest.first == "-" ? "-" : ""
        if rest.first == "-" || rest.first == "+" { rest = rest.dropFirst() }
        let whole = rest.prefix(while: isDigit)
        rest = rest.dropFirst(whole.count)
        var fraction: Substring = ""
        if rest.first == "." {
            fraction = rest.dropFirst().prefix(while: isDigit)
            rest = rest.dropFirst(1 + fraction.count)
            if fraction.isEmpty { fraction = "0" }
        }
        guard !whole.isEmpty || text.contains(where: isDigit), let exponent = exponent(rest) else { return nil }
        if whole.isEmpty, fraction.isEmpty { return nil }
        let digits = whole.drop { $0 == "0" }
        return sign + (digits.isEmpty ? "0" : digits) + (fraction.isEmpty ? "" : "." + fraction) + exponent
    }

    /// The exponent as written; nil when `text` is something else.
    private static func exponent(_ text: Substring) -> String? {
        guard let mark = text.first else { return "" }
        guard mark == "e" || mark == "E" else { return nil }
        var digits = text.dropFirst()
        if digits.first == "-" || digits.first == "+" { digits = digits.dropFirst() }
        return !digits.isEmpty && digits.allSatisfy(isDigit) ? String(text) : nil
    }

    private static func isDigit(_ character: Character) -> Bool {
        character.isASCII && character.isWholeNumber
    }
}
