/// Cuts a text into sentences by looking at the four characters before each space.
enum Sentences {
    private static let scalarsBetweenChecks = 65_536

    /// The sentences in order, without the one space between two of them.
    ///
    /// A space ends a sentence when it follows `.`, `?` or `!`, but not in an abbreviation such as `e.g.` (a word
    /// character, a dot, a word character, anything) nor after a title such as `Dr.` (a capital, a small letter, a dot).
    static func split(
        _ text: String,
        _ check: () throws -> Void
    ) rethrows -> [Substring.UnicodeScalarView] {
        let scalars = text.unicodeScalars
        var sentences: [Substring.UnicodeScalarView] = []
        var start = scalars.startIndex
        var recent = Recent()
        var untilCheck = scalarsBetweenChecks
        for index in scalars.indices {
            let scalar = scalars[index]
            if recent.endsSentence && scalar.isSpace {
                sentences.append(scalars[start..<index])
                start = scalars.index(after: index)
            }
            recent.push(scalar)
            untilCheck -= 1
            if untilCheck == 0 {
                try check()
                untilCheck = scalarsBetweenChecks
            }
        }
        sentences.append(scalars[start...])
        return sentences
    }
}

/// The four scalars before the current place, nearest last.
private struct Recent {
    private var fourth: Unicode.Scalar?
    private var third: Unicode.Scalar?
    private var second: Unicode.Scalar?
    private var first: Unicode.Scalar?

    mutating func push(_ scalar: Unicode.Scalar) { (fourth, third, second, first) = (third, second, first, scalar) }

    var endsSentence: Bool {
        guard first == "." || first == "?" || first == "!" else { return false }
        return !followsAbbreviation && !followsTitle
    }

    private var followsAbbreviation: Bool {
        third == "." && fourth?.isWord == true && second?.isWord == true
    }

    private var followsTitle: Bool {
        guard first == ".", let second, let third else { return false }
        return ("A"..."Z").contains(third) && ("a"..."z").contains(second)
    }
}
