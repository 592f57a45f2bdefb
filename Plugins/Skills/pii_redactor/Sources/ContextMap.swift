/// For each place in the text, what the words near it say.
///
/// Made in one pass, so that a detector's question costs nothing however often it asks.
struct ContextMap {
    private var marks: [Context]

    subscript(_ index: Int) -> Context { marks.indices.contains(index) ? marks[index] : [] }

    init(_ text: FoldedText) {
        marks = Array(repeating: [], count: text.count)
        var index = 0
        while index < text.count {
            guard Self.isLetter(text, index) else {
                index += 1
                continue
            }
            var end = index + 1
            while end < text.count, Self.continues(text, end, from: end - 1) { end += 1 }
            if end - index <= Context.maxWordLength, !text.is(end, "]"), let found = Self.word(text, index..<end) {
                mark(found, around: index..<end, in: text)
            }
            index = end
        }
    }

    /// Words run to the next character that is no letter, or of a script that sets no spaces when they are not.
    private static func continues(_ text: FoldedText, _ index: Int, from previous: Int) -> Bool {
        let isDense = text.scalarClass(index) == .denseLetter
        return isLetter(text, index) && isDense == (text.scalarClass(previous) == .denseLetter)
    }

    private static func isLetter(_ text: FoldedText, _ index: Int) -> Bool {
        switch text.scalarClass(index) {
        case .letter, .foreignLetter, .denseLetter, .mark: true
        case .digit, .other: false
        }
    }

    private static func word(_ text: FoldedText, _ range: Range<Int>) -> Context? {
        var word = ""
        for index in range {
            guard let scalar = Unicode.Scalar(text.scalar(index)) else { return nil }
            word.unicodeScalars.append(scalar)
        }
        return Context.words[word.lowercased()]
    }

    /// What a word says does not carry over a label in brackets, whose length is not that of the text it replaced.
    private mutating func mark(_ context: Context, around word: Range<Int>, in text: FoldedText) {
        for single in context.members {
            let reach = single.reach
            var index = word.upperBound
            while index < min(text.count, word.upperBound + reach.ahead), !text.is(index, "]") {
                marks[index].insert(single)
                index += 1
            }
            index = word.lowerBound - 1
            while index >= max(0, word.lowerBound - reach.behind), !text.is(index, "[") {
                marks[index].insert(single)
                index -= 1
            }
        }
    }
}

extension Context {
    /// Each of its members alone.
    var members: [Context] {
        var rest = rawValue
        var members: [Context] = []
        while rest != 0 {
            members.append(Context(rawValue: rest & (~rest &+ 1)))
            rest &= rest &- 1
        }
        return members
    }
}
