/// Payment card numbers: an issuer's prefix, a length that issuer uses, and the Luhn digit.
struct CardScanner {
    let text: FoldedText

    func match(at position: Int) -> Range<Int>? {
        guard canStart(position) else { return nil }
        var groups = DigitGroups(text, from: position, maxDigits: 19, parentheses: false, breaks: true).groups
        guard groups.reduce(0, { $0 + $1.digits.count }) >= 13, !Self.areSeparate(groups) else { return nil }
        var digits = groups.flatMap { $0.digits.map { text.uppercased($0) - 0x30 } }
        while let last = groups.last, digits.count >= 13 {
            let range = position..<last.range.upperBound
            if endsHere(range.upperBound), Self.isIssued(digits), Checksum.luhn(digits), !isPart(range) { return range }
            groups.removeLast()
            digits.removeLast(last.digits.count)
        }
        return nil
    }

    /// No issuer's prefix starts with 0, 1 or 7; digits one by one are a card only from the first of them on.
    private func canStart(_ position: Int) -> Bool {
        guard text.isDigit(position), !text.isDigit(position - 1), !continuesNumber(position) else { return false }
        if text.is(position, "0") || text.is(position, "1") || text.is(position, "7") { return false }
        if text.isDigit(position + 1) { return true }
        let follows = text.is(position - 1, " ") || text.breakEnd(position - 1) != nil
        return !(follows && text.isDigit(position - 2))
    }

    private func continuesNumber(_ position: Int) -> Bool {
        (text.is(position - 1, ".") || text.is(position - 1, "-") || text.is(position - 1, ","))
            && text.isDigit(position - 2)
    }

    /// A card may touch a word ("VISA4111…"), but not be a part of a hash.
    private func isPart(_ range: Range<Int>) -> Bool { text.isGlued(range) && text.isInHex(range) }

    /// A card may be followed by a space and more digits (its expiry), but not by a dash or dot and more of the number.
    private func endsHere(_ end: Int) -> Bool {
        if text.isDigit(end) { return false }
        return !((text.is(end, "-") || text.is(end, ".")) && text.isWord(end + 1))
    }

    /// With more groups, those on several lines or in several cells are a table of numbers.
    private static let maxBrokenGroups = 6

    /// The cells of a table, or two numbers with fractions such as the coordinates of a place.
    private static func areSeparate(_ groups: [DigitGroups.Group]) -> Bool {
        if groups.count > maxBrokenGroups, groups.contains(where: { $0.separator.contains(.lineBreak) }) { return true }
        return groups.count == 4 && groups[0].digits.count <= 3 && groups[2].digits.count <= 3
            && groups[1].separator == .dot && groups[2].separator == .space && groups[3].separator == .dot
    }

    private static func isIssued(_ digits: [UInt8]) -> Bool {
        let prefix = digits.prefix(6).reduce(0) { $0 * 10 + Int($1) }
        return issuers.contains { $0.prefixes.contains(prefix) && $0.lengths.contains(digits.count) }
    }

    private struct Issuer: Sendable {
        let prefixes: ClosedRange<Int>
        let lengths: ClosedRange<Int>
    }

    /// The first six digits, as a range.
    private static let issuers: [Issuer] = [
        Issuer(prefixes: 400_000...499_999, lengths: 13...19),  // Visa
        Issuer(prefixes: 510_000...559_999, lengths: 16...16),  // Mastercard
        Issuer(prefixes: 222_100...272_099, lengths: 16...16),  // Mastercard
        Issuer(prefixes: 340_000...349_999, lengths: 15...15),  // American Express
        Issuer(prefixes: 370_000...379_999, lengths: 15...15),  // American Express
        Issuer(prefixes: 300_000...305_999, lengths: 14...19),  // Diners Club
        Issuer(prefixes: 309_500...309_599, lengths: 14...19),  // Diners Club
        Issuer(prefixes: 360_000...369_999, lengths: 14...19),  // Diners Club
        Issuer(prefixes: 380_000...399_999, lengths: 14...19),  // Diners Club
        Issuer(prefixes: 352_800...358_999, lengths: 16...19),  // JCB
        Issuer(prefixes: 601_100...601_199, lengths: 16...19),  // Discover
        Issuer(prefixes: 620_000...629_999, lengths: 16...19),  // UnionPay, Discover
        Issuer(prefixes: 644_000...659_999, lengths: 16...19),  // Discover, RuPay
        Issuer(prefixes: 810_000...829_999, lengths: 16...19),  // UnionPay, RuPay
        Issuer(prefixes: 508_500...508_999, lengths: 16...16),  // RuPay
        Issuer(prefixes: 606_900...608_599, lengths: 16...16),  // RuPay
        Issuer(prefixes: 500_000...504_999, lengths: 13...19),  // Maestro
        Issuer(prefixes: 560_000...589_999, lengths: 13...19),  // Maestro
        Issuer(prefixes: 630_400...630_499, lengths: 13...19),  // Maestro
        Issuer(prefixes: 639_000...639_099, lengths: 13...19),  // Maestro
        Issuer(prefixes: 670_000...679_999, lengths: 13...19),  // Maestro
        Issuer(prefixes: 220_000...220_499, lengths: 16...19),  // Mir
        Issuer(prefixes: 979_200...979_289, lengths: 16...16),  // Troy
    ]
}
