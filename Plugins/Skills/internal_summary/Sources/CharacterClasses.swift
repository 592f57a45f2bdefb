extension Unicode.Scalar {
    /// What separates words: Unicode's white space and the four ASCII information separators.
    var isSpace: Bool { properties.isWhitespace || (0x1C...0x1F).contains(value) }

    /// A letter, anything numeric, or the underscore.
    var isWord: Bool {
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: self == "_" || properties.numericType != nil
        }
    }
}
