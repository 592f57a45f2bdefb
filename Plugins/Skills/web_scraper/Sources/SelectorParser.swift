import PraximousPlugin

/// Reads a selector from left to right.
struct SelectorParser {
    private static let maxCompounds = 16

    private var rest: Substring.UnicodeScalarView
    private var compounds = 0

    init(_ text: String) { rest = text[...].unicodeScalars }

    mutating func alternatives() throws(SelectorError) -> [[Selector.Compound]] {
        var alternatives = [try complex()]
        while take(",") { alternatives.append(try complex()) }
        guard rest.isEmpty else { throw unexpected("a comma or the end") }
        return alternatives
    }

    /// Compounds up to a comma or the end.
    private mutating func complex() throws(SelectorError) -> [Selector.Compound] {
        skipSpace()
        var result = [try compound(.descendant)]
        while true {
            let hadSpace = skipSpace()
            if take(">") {
                skipSpace()
                result.append(try compound(.child))
            } else if hadSpace, let next = rest.first, next != "," {
                result.append(try compound(.descendant))
            } else {
                return result
            }
        }
    }

    private mutating func compound(_ combinator: Selector.Combinator) throws(SelectorError) -> Selector.Compound {
        compounds += 1
        guard compounds <= Self.maxCompounds else {
            throw .unexpected("more than \(Self.maxCompounds) parts", expected: "the end")
        }
        var compound = Selector.Compound(combinator: combinator)
        let isAny = take("*")
        if !isAny, rest.first.map(Self.isNameStart) == true { compound.type = try markupName() }
        let hasType = isAny || compound.type != nil
        while let condition = try condition() { compound.conditions.append(condition) }
        guard hasType || !compound.conditions.isEmpty else { throw unexpected("an element") }
        return compound
    }

    private mutating func condition() throws(SelectorError) -> Selector.Condition? {
        if take("#") { return .id(try identifier()) }
        if take(".") { return .hasClass(try identifier()) }
        if take("[") { return try attribute() }
        if take(":") { return try pseudoClass() }
        return nil
    }

    private mutating func attribute() throws(SelectorError) -> Selector.Condition {
        skipSpace()
        let name = try markupName()
        skipSpace()
        if take("]") { return .hasAttribute(name) }
        let match =
            Selector.AttributeMatch.allCases.dropFirst().first { take($0.rawValue.unicodeScalars.first) } ?? .equals
        guard take("=") else { throw unexpected("=, ^=, $=, *= or ]") }
        skipSpace()
        let value = rest.first == "\"" || rest.first == "'" ? try quotedText() : try identifier()
        skipSpace()
        guard take("]") else { throw unexpected("]") }
        return .attribute(name, match, value)
    }

    private mutating func pseudoClass() throws(SelectorError) -> Selector.Condition {
        let name = rest.prefix { Self.isNamePart($0) }
        switch String(name).lowercased() {
        case "first-child":
            rest.removeFirst(name.count)
            return .nthChild(1)
        case "nth-child":
            rest.removeFirst(name.count)
            return .nthChild(try position())
        default: throw unexpected(":first-child or :nth-child(n)")
        }
    }

    private mutating func position() throws(SelectorError) -> Int {
        guard take("(") else { throw unexpected("(") }
        skipSpace()
        let digits = rest.prefix { "0"..."9" ~= $0 }
        guard let number = Int(String(digits)), 1...100_000 ~= number else {
            throw unexpected("a number from 1 to 100000")
        }
        rest.removeFirst(digits.count)
        skipSpace()
        guard take(")") else { throw unexpected(")") }
        return number
    }

    private mutating func quotedText() throws(SelectorError) -> String {
        let quote = rest.removeFirst()
        let value = rest.prefix { $0 != quote && $0 != "\\" }
        rest.removeFirst(value.count)
        guard take(quote) else { throw unexpected("the closing quote") }
        return String(value)
    }

    /// A name of HTML, plain ASCII.
    private mutating func markupName() throws(SelectorError) -> String {
        let name = String(rest.prefix { Self.isNamePart($0) && $0.isASCII }).lowercased()
        guard name.unicodeScalars.first.map(Self.isNameStart) == true else { throw unexpected("a name") }
        rest.removeFirst(name.unicodeScalars.count)
        return name
    }

    private mutating func identifier() throws(SelectorError) -> String {
        let name = rest.prefix { Self.isNamePart($0) }
        guard !name.isEmpty else { throw unexpected("a name") }
        rest.removeFirst(name.count)
        return String(name)
    }

    private static func isNameStart(_ scalar: Unicode.Scalar) -> Bool {
        "a"..."z" ~= scalar || "A"..."Z" ~= scalar || scalar == "_"
    }

    private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
        isNameStart(scalar) || "0"..."9" ~= scalar || scalar == "-" || !scalar.isASCII
    }

    @discardableResult
    private mutating func skipSpace() -> Bool {
        let space = rest.prefix { " \t\n\r\u{C}".unicodeScalars.contains($0) }
        rest.removeFirst(space.count)
        return !space.isEmpty
    }

    private mutating func take(_ scalar: Unicode.Scalar?) -> Bool {
        guard let scalar, rest.first == scalar else { return false }
        rest.removeFirst()
        return true
    }

    private func unexpected(_ expected: String) -> SelectorError {
        .unexpected(rest.isEmpty ? "its end" : String(rest.prefix(20)).quoted, expected: expected)
    }
}
