/// A CSS selector, of the part that people write by hand: types, `*`, `.class`, `#id`, attributes, `:first-child`,
/// `:nth-child(n)`, descendants, `>` and commas.
struct Selector: Hashable {
    /// What one element must be.
    struct Compound: Hashable {
        /// In lower case, as HTML's names are; nil for any.
        var type: String?
        var conditions: [Condition] = []
        /// How the element lies below the one of the compound before.
        var combinator = Combinator.descendant
    }

    enum Combinator: Hashable {
        case descendant, child
    }

    enum Condition: Hashable {
        case id(String)
        case hasClass(String)
        case hasAttribute(String)
        case attribute(String, AttributeMatch, String)
        /// From 1.
        case nthChild(Int)
    }

    enum AttributeMatch: Character, Hashable, CaseIterable {
        case equals = "=", prefix = "^", suffix = "$", contains = "*"
    }

    static let maxBytes = 500

    /// As it was written.
    let text: String
    /// Each from the outermost element to the one that is meant.
    let alternatives: [[Compound]]

    init(_ text: String) throws(SelectorError) {
        guard text.utf8.count <= Self.maxBytes else { throw .tooLong }
        self.text = text
        var parser = SelectorParser(text)
        alternatives = try parser.alternatives()
    }
}

/// Why a text is no selector that this skill takes.
enum SelectorError: Error, Hashable, CustomStringConvertible {
    case tooLong
    case unexpected(String, expected: String)

    var description: String {
        switch self {
        case .tooLong: "'selector' is longer than \(Selector.maxBytes) bytes."
        case .unexpected(let found, let expected):
            "'selector' has \(found) where \(expected) is expected. Known are types, *, .class, #id, [attr], [attr=value] "
                + "with ^=, $= and *=, :first-child, :nth-child(n), descendants, > and commas."
        }
    }
}
