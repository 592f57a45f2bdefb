/// Words that announce some other number: `Vertragsnr. 0123456789`, `account number: 0123456789`.
extension FoldedText {
    private static let maxGap = 4
    private static let suffixes = ["nummer", "number", "nr"]
    /// What makes of a "-nummer" one to call, beside the words of `Context.phone`.
    private static let callable = ["ruf", "service", "notfall", "kontakt", "büro", "privat", "durchwahl"]
    /// Words before a lone "Nr." that say nothing about what it numbers.
    private static let unspecific: Set<String> = [
        "my", "your", "his", "her", "our", "their", "the", "this", "that", "new", "under", "at", "on", "mein",
        "meine", "meiner", "deine", "deiner", "seine", "seiner", "ihre", "ihrer", "unsere", "unserer", "der", "die",
        "dieser", "diese", "neue", "neuen", "unter", "folgende", "folgenden", "ist", "is",
    ]

    /// Whether the word before the number at `position` says that it is one of a contract, an account or the like.
    func isAfterNumberWord(_ position: Int) -> Bool {
        let word = word(before: position)
        guard let word else { return false }
        if word.text == "no" {
            return self.is(word.range.upperBound, ".") && isSpecific(before: word.range.lowerBound)
        }
        guard let suffix = Self.suffixes.first(where: word.text.hasSuffix) else { return false }
        let stem = String(word.text.dropLast(suffix.count))
        if stem.isEmpty { return isSpecific(before: word.range.lowerBound) }
        if Context.words[stem]?.contains(.phone) ?? false { return false }
        return !Self.callable.contains(where: stem.hasSuffix)
    }

    private func isSpecific(before index: Int) -> Bool {
        guard let word = word(before: index) else { return false }
        return !Self.unspecific.contains(word.text)
    }

    /// The letters before a place, in lower case, with at most spaces and punctuation between.
    private func word(before position: Int) -> (text: String, range: Range<Int>)? {
        var end = position
        while position - end < Self.maxGap, [0x20, 0x2D, 0x2E, 0x3A, 0x23].contains(scalar(end - 1)) { end -= 1 }
        var start = end
        var scalars = String.UnicodeScalarView()
        while end - start <= Context.maxWordLength, isLetter(start - 1) || scalarClass(start - 1) == .foreignLetter {
            start -= 1
            guard let scalar = Unicode.Scalar(scalar(start)) else { return nil }
            scalars.append(scalar)
        }
        guard start < end, end - start <= Context.maxWordLength else { return nil }
        return (String(String.UnicodeScalarView(scalars.reversed())).lowercased(), start..<end)
    }
}
