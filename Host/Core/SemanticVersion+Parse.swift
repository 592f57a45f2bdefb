extension SemanticVersion {
    /// The version that `text` spells.
    ///
    /// Throws ``SemanticVersionError`` with a sentence and, where it can, a correction.
    package static func parse(_ text: String) throws(SemanticVersionError) -> SemanticVersion {
        guard text.utf8.count <= maxLength else {
            throw SemanticVersionError(text, "it is longer than \(maxLength) bytes")
        }
        let (rest, build) = cut(text[...], at: "+")
        let (core, prerelease) = cut(rest, at: "-")
        let numbers = core.split(separator: ".", omittingEmptySubsequences: false)
        guard numbers.count == 3 else {
            throw SemanticVersionError(text, "expected three numbers", hint: hint(for: text))
        }
        var values: [UInt64] = []
        for number in numbers {
            guard let value = parseNumber(number) else {
                throw SemanticVersionError(
                    text,
                    "\"\(number.count > 20 ? "…" : number)\" is no number without leading zeros",
                    hint: hint(for: text)
                )
            }
            values.append(value)
        }
        if let build {
            guard build.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isWord) else {
                throw SemanticVersionError(text, "the part after + may hold only letters, digits, hyphens and dots")
            }
        }
        return SemanticVersion(
            major: values[0],
            minor: values[1],
            patch: values[2],
            identifiers: try parseIdentifiers(prerelease, of: text),
            build: build.map(String.init)
        )
    }

    /// The two sides of the first `mark`.
    private static func cut(_ text: Substring, at mark: Character) -> (Substring, Substring?) {
        guard let position = text.firstIndex(of: mark) else { return (text, nil) }
        return (text[..<position], text[text.index(after: position)...])
    }

    private static func parseIdentifiers(
        _ text: Substring?,
        of version: String
    ) throws(SemanticVersionError) -> [Identifier] {
        guard let text else { return [] }
        var identifiers: [Identifier] = []
        for part in text.split(separator: ".", omittingEmptySubsequences: false) {
            guard isWord(part) else {
                throw SemanticVersionError(
                    version,
                    "the part after - may hold only letters, digits, hyphens and dots, none of them empty"
                )
            }
            guard part.utf8.allSatisfy(isDigit) else {
                identifiers.append(.word(String(part)))
                continue
            }
            guard let number = parseNumber(part) else {
                throw SemanticVersionError(version, "numbers after - have no leading zeros and at most 19 digits")
            }
            identifiers.append(.number(number))
        }
        return identifiers
    }

    static func parseNumber(_ text: Substring) -> UInt64? {
        guard !text.isEmpty, text.utf8.count <= 19, text.utf8.allSatisfy(isDigit) else { return nil }
        guard text.utf8.count == 1 || text.utf8.first != UInt8(ascii: "0") else { return nil }
        return UInt64(text)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

    private static func isWord(_ text: Substring) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                isDigit(byte) || byte == UInt8(ascii: "-") || (byte | 0x20) &- UInt8(ascii: "a") < 26
            }
    }

    /// What the author most likely meant.
    private static func hint(for text: String) -> String? {
        if let first = text.first, first == "v" || first == "V" {
            return "leave out the leading \(first): \(text.dropFirst().prefix(40))"
        }
        let numbers = text.split(separator: ".", omittingEmptySubsequences: false)
        guard numbers.count < 3, numbers.allSatisfy({ parseNumber($0) != nil }) else { return nil }
        return "write \"\(text)\(String(repeating: ".0", count: 3 - numbers.count))\""
    }
}

/// Why a text is no version, or no requirement on versions.
package struct SemanticVersionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// One sentence with the offending text.
    package let description: String

    init(_ text: String, _ reason: String, hint: String? = nil) {
        description = "version \(text.quotedForMessage()): \(reason); \(hint ?? "an example is 1.4.0")"
    }
}
