/// Telephone numbers: international with their country code, national in the ways they are written, and whatever a
/// word such as "Tel." announces.
struct PhoneScanner {
    let text: FoldedText
    let context: ContextMap

    /// Longer than E.164's fifteen: the access code 00 and a trunk zero in parentheses are counted.
    private static let maxDigits = 18
    private static let minDigits = 7
    private static let maxGroups = 9

    func match(at position: Int) -> Range<Int>? {
        let isInternational = text.is(position, "+") || (text.is(position, "(") && text.is(position + 1, "+"))
        guard startsHere(position, isInternational) else { return nil }
        return isInternational ? internationalMatch(at: position) : nationalMatch(at: position)
    }

    private func internationalMatch(at position: Int) -> Range<Int>? {
        let isEnclosed = text.is(position, "(")
        var first = isEnclosed ? position + 2 : position + 1
        if text.is(first, " ") { first += 1 }
        let found = DigitGroups(
            text,
            from: first,
            maxDigits: Self.maxDigits,
            parentheses: true,
            isEnclosed: isEnclosed,
            breaks: true
        ).groups
        if Self.isDecimal(found), !context[position].contains(.phone) { return nil }
        let end = longestEnd(Self.untilComplete(found)) { groups, digits, end in
            text.isEndOfPhone(end, hasPlus: true) && !isStray(groups, digits.count) && PhonePlan.isInternational(digits)
        }
        guard let end else { return nil }
        // A number in parentheses as a whole starts at its plus sign.
        if isEnclosed, !(first..<end).contains(where: { text.is($0, ")") }) { return nil }
        return position..<(text.phoneExtensionEnd(end) ?? end)
    }

    private func nationalMatch(at position: Int) -> Range<Int>? {
        let isInner = text.is(position - 1, " ") && text.isDigit(position - 2)
        if isInner, !text.is(position, "("), !text.isDigit(position + 1) { return nil }
        // The parenthesis before it was asked already.
        if text.is(position - 1, "("), closesAfterDigits(position) { return nil }
        let found = DigitGroups(text, from: position, maxDigits: Self.maxDigits, parentheses: true).groups
        guard let first = found.first, first.digits.count <= 15 else { return nil }
        if isInner, !Self.canFollowDigits(found) { return nil }
        let context = context[first.digits.lowerBound]
        let isAnnounced = !context.isDisjoint(with: [.phone, .call])
        let isReference = !isAnnounced && text.isAfterNumberWord(position)
        let end = longestEnd(found[...]) { groups, digits, end in
            if isReference, groups.count == 1, (10...12).contains(digits.count) { return false }
            return text.isEndOfPhone(end, hasPlus: false)
                && PhonePlan.National(groups: groups, digits: digits).isTelephone(in: context)
        }
        return end.map { position..<(text.phoneExtensionEnd($0) ?? $0) }
    }

    /// The end of the most groups that are a number together.
    private func longestEnd(
        _ found: ArraySlice<DigitGroups.Group>,
        where isNumber: (ArraySlice<DigitGroups.Group>, ArraySlice<UInt8>, Int) -> Bool
    ) -> Int? {
        var groups = found.prefix(Self.maxGroups)
        guard groups.reduce(0, { $0 + $1.digits.count }) >= Self.minDigits else { return nil }
        var digits = groups.flatMap { $0.digits.map { text.uppercased($0) - 0x30 } }[...]
        while let last = groups.last, digits.count >= Self.minDigits {
            if isNumber(groups, digits, last.range.upperBound) { return last.range.upperBound }
            groups.removeLast()
            digits.removeLast(last.digits.count)
        }
        return nil
    }

    /// Whether the last group, behind a space, is more likely a word of the sentence or the start of another number.
    private func isStray(_ groups: ArraySlice<DigitGroups.Group>, _ total: Int) -> Bool {
        guard groups.count > 1, let last = groups.last, last.separator == .space else { return false }
        if last.isParenthesized { return groups.count > 3 }
        let length = last.digits.count
        if length == 1 { return groups.count > 3 }
        return length >= 3 && text.is(last.digits.lowerBound, "0") && total - length >= 10
    }

    /// Whether a number can start behind a space and other digits, or is more likely the rest of what they belong to.
    private static func canFollowDigits(_ groups: [DigitGroups.Group]) -> Bool {
        let lengths = groups.map(\.digits.count)
        if lengths.starts(with: [2, 2, 2, 2, 2]) { return true }
        return lengths[0] >= 3 && !lengths.allSatisfy { $0 == 3 }
    }

    private func closesAfterDigits(_ position: Int) -> Bool {
        var end = position
        while end - position <= Self.maxDigits, text.isDigit(end) { end += 1 }
        return text.is(end, ")")
    }

    private func startsHere(_ position: Int, _ isInternational: Bool) -> Bool {
        let before = position - 1
        if text.isWord(before) { return false }
        if isInternational { return true }
        switch Unicode.Scalar(text.scalar(before)) ?? "\0" {
        case "#", "$", "€", "£", "¥", "%", "+": return false
        case "-", "/": return !text.isWord(before - 1)
        case ".", ",", ":": return !text.isDigit(before - 1)
        case " ": return !text.isCurrency(before - 1)
        default: return true
        }
    }
}
