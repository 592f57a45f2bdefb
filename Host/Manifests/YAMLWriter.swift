/// Writes flat YAML files that read back as what they were: every value in double quotes.
package enum YAMLWriter {
    /// One `key: "value"` a line, in the order given.
    package static func text(_ pairs: [(key: String, value: String)]) -> String {
        pairs.map { "\(isPlainKey($0.key) ? $0.key : quoted($0.key)): \(quoted($0.value))\n" }.joined()
    }

    private static func isPlainKey(_ key: String) -> Bool {
        guard let first = key.utf8.first, isLetter(first), key.utf8.count <= 100 else { return false }
        let isWord = key.utf8.allSatisfy { isLetter($0) || $0 == UInt8(ascii: "_") || $0 &- UInt8(ascii: "0") < 10 }
        return isWord && YAMLScalar.resolve(key) == .text && !YAMLScalar.isOldBoolean(key)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- UInt8(ascii: "a") < 26 }

    private static func quoted(_ text: String) -> String {
        var output = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\t": output += "\\t"
            case "\r": output += "\\r"
            case "\u{0}"..<"\u{20}", "\u{7F}"..."\u{A0}", "\u{2028}"..."\u{2029}", "\u{FEFF}":
                output += escape(scalar.value)
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output + "\""
    }

    private static func escape(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
