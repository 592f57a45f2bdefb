import PraximousJSON

/// A row number as clients write it: a JSON number, or text that spells an integer the way Python's `int()` reads it.
struct RowIndex {
    /// The most digits read from text.
    static let maxDigits = 4_300

    /// The number in plain decimal.
    let text: String

    /// The number, when it can be a row's position.
    var position: Int? { Int(text).flatMap { $0 >= 0 ? $0 : nil } }

    init?(_ value: JSON) {
        switch value {
        case .number(let number):
            // A fraction is cut off, as the original did; the manifest's schema refuses it before.
            guard let text = number.isInteger ? number.text : Int(truncating: number.doubleValue)?.description else {
                return nil
            }
            self.text = text == "-0" ? "0" : text
        case .string(let text):
            guard let text = Self.decimal(text) else { return nil }
            self.text = text
        case .bool(let value): text = value ? "1" : "0"
        case .null, .array, .object: return nil
        }
    }

    /// White space around, one sign, decimal digits of any script, single underscores between digits.
    private static func decimal(_ text: String) -> String? {
        var scalars = text.unicodeScalars[...]
        while scalars.first?.isSpace == true { scalars.removeFirst() }
        while scalars.last?.isSpace == true { scalars.removeLast() }
        let isNegative = scalars.first == "-"
        if isNegative || scalars.first == "+" { scalars.removeFirst() }
        guard let digits = digits(scalars) else { return nil }
        let significant = digits.drop { $0 == "0" }
        if significant.isEmpty { return "0" }
        return (isNegative ? "-" : "") + significant
    }

    private static func digits(_ scalars: Substring.UnicodeScalarView) -> String? {
        var digits = ""
        var mayHaveUnderscore = false
        for scalar in scalars {
            if scalar == "_" && mayHaveUnderscore {
                mayHaveUnderscore = false
            } else if scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue {
                digits += String(Int(value))
                mayHaveUnderscore = true
            } else {
                return nil
            }
        }
        return mayHaveUnderscore && digits.utf8.count <= maxDigits ? digits : nil
    }
}

extension Int {
    /// The integer part; nil when it does not fit.
    fileprivate init?(truncating value: Double) {
        self.init(exactly: value.rounded(.towardZero))
    }
}
