/// One line of a `.env` file.
package enum EnvironmentLine {
    package enum Problem: Error, Sendable, Hashable {
        case tooLarge, noEquals, badName, badValue, openQuote, textAfterQuote, badEscape

        var sentence: String {
            switch self {
            case .tooLarge: "the file is larger than 1 MiB"
            case .noEquals: "expected NAME=VALUE and found no '='; begin a comment with '#'"
            case .badName: "a name begins with a letter or '_' and has letters, digits and '_' only"
            case .badValue: "the value holds a NUL byte, which no environment can carry"
            case .openQuote: "the quote that opens the value is not closed on the same line"
            case .textAfterQuote: "there is text after the closing quote; put it inside, or after ' #'"
            case .badEscape: #"unknown escape; in double quotes write \n \r \t \" \\ or \$, or use single quotes"#
            }
        }
    }

    static func parse(_ raw: Substring) throws(Problem) -> (name: String, value: String)? {
        var line = trim(raw)
        if line.isEmpty || line.first == "#" { return nil }
        if line.hasPrefix("export"), let next = line.dropFirst(6).first, isBlank(next) {
            line = trim(line.dropFirst(6))
        }
        guard let equals = line.firstIndex(of: "=") else { throw .noEquals }
        let name = String(trim(line[..<equals]))
        guard isName(name) else { throw .badName }
        let value = try value(trim(line[line.index(after: equals)...]))
        guard !value.utf8.contains(0) else { throw .badValue }
        return (name, value)
    }

    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !isDigit(first) else { return false }
        return text.utf8.allSatisfy { byte in
            isDigit(byte) || byte == UInt8(ascii: "_")
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        }
    }

    /// The value as this parser, a shell and systemd read it back.
    static func quote(_ value: String) -> String {
        let plain = value.utf8.allSatisfy { byte in
            isDigit(byte) || "_-./:,+@%".utf8.contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        }
        if plain { return value }
        var text = "\""
        for character in value.unicodeScalars {
            switch character {
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\"", "\\", "$": text += "\\" + String(character)
            default: text.unicodeScalars.append(character)
            }
        }
        return text + "\""
    }

    private static func value(_ text: Substring) throws(Problem) -> String {
        switch text.first {
        case "'": try singleQuoted(text.dropFirst())
        case "\"": try doubleQuoted(text.dropFirst())
        default: plain(text)
        }
    }

    private static func plain(_ text: Substring) -> String {
        var end = text.startIndex
        var isAfterBlank = true
        for index in text.indices {
            if text[index] == "#", isAfterBlank { return String(trim(text[..<end])) }
            isAfterBlank = isBlank(text[index])
            end = text.index(after: index)
        }
        return String(trim(text))
    }

    private static func singleQuoted(_ text: Substring) throws(Problem) -> String {
        guard let end = text.firstIndex(of: "'") else { throw .openQuote }
        try endsHere(text[text.index(after: end)...])
        return String(text[..<end])
    }

    private static func doubleQuoted(_ text: Substring) throws(Problem) -> String {
        var value = ""
        var rest = text.unicodeScalars
        while let next = rest.popFirst() {
            switch next {
            case "\"":
                try endsHere(Substring(rest))
                return value
            case "\\":
                guard let escaped = rest.popFirst() else { throw .openQuote }
                value.unicodeScalars.append(try escape(escaped))
            default: value.unicodeScalars.append(next)
            }
        }
        throw .openQuote
    }

    private static func escape(_ scalar: Unicode.Scalar) throws(Problem) -> Unicode.Scalar {
        switch scalar {
        case "n": "\n"
        case "r": "\r"
        case "t": "\t"
        case "\"", "\\", "$": scalar
        default: throw .badEscape
        }
    }

    private static func endsHere(_ rest: Substring) throws(Problem) {
        let rest = trim(rest)
        guard rest.isEmpty || rest.first == "#" else { throw .textAfterQuote }
    }

    private static func trim(_ text: Substring) -> Substring {
        var text = text.drop(while: isBlank)
        while let last = text.last, isBlank(last) { text.removeLast() }
        return text
    }

    private static func isBlank(_ character: Character) -> Bool {
        character == " " || character == "\t" || character == "\r"
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
