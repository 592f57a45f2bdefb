/// The text as the rules see it: emoji spelled out, split at white space, punctuation trimmed from words.
struct Tokens {
    /// The text after emoji are spelled out; marks of emphasis are counted in it.
    let scalars: [Unicode.Scalar]
    let slices: [ArraySlice<Unicode.Scalar>]

    init(_ text: String, lexicon: Lexicon) {
        scalars = Self.spellingOutEmoji(text, lexicon: lexicon)
        slices = scalars.split(whereSeparator: Self.isSpace).map(Self.trimmed)
    }

    /// A description is set off from what stands before it but not from what follows: that is how the model counts.
    private static func spellingOutEmoji(_ text: String, lexicon: Lexicon) -> [Unicode.Scalar] {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.utf8.count)
        var afterSpace = true
        for scalar in text.unicodeScalars {
            guard !scalar.isASCII, let description = lexicon.emoji[scalar] else {
                result.append(scalar)
                afterSpace = scalar == " "
                continue
            }
            if !afterSpace { result.append(" ") }
            result.append(contentsOf: description.unicodeScalars)
            afterSpace = false
        }
        return result
    }

    /// White space as Python splits at it: the information separators U+001C to U+001F belong to it.
    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    /// Punctuation is trimmed unless two characters or fewer would stay: that is likely an emoticon, kept whole.
    private static func trimmed(_ token: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar> {
        var rest = token
        while let first = rest.first, isPunctuation(first) { rest.removeFirst() }
        while let last = rest.last, isPunctuation(last) { rest.removeLast() }
        return rest.count <= 2 ? token : rest
    }

    private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
        default: false
        }
    }
}
