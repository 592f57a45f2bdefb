/// Telephone numbers: international with their country code, national in the ways they are written, and whatever a
/// word such as "Tel." announces.
struct PhoneScanner {
    let text: FoldedText
    let context: ContextMap

    /// Longer than E.164's fifteen: the access code 00 and a trunk zero in parentheses are counted.
    private static let maxDigits = 18
    private static let maxGroups = 9

    func match(at position: Int) -> Range<Int>? {
        let isInternational = text.is(position, "+") || (text.is(position, "(") && text.is(position + 1, "+"))
        guard startsHere(position, isInternational) else { return nil }
        return isInternational ? internationalMatch(at: position) : nationalMatch(at: position)
    }

    // MARK: International

    private func internationalMatch(at position: Int) -> Range<Int>? {
        let isEnclosed = text.is(position, "(")
        var digits = isEnclosed ? position + 2 : position + 1
        if text.is(digits, " ") { digits += 1 }
        let all = DigitGroups(
            text,
            from: digits,
            maxDigits: Self.maxDigits,
            parentheses: true,
            isEnclosed: isEnclosed
        )
        var groups = Array(all.groups.prefix(Self.maxGroups))
        while let last = groups.last {
            let number = values(groups)
            let end = last.range.upperBound
            if endsHere(end, hasPlus: true), !isStray(groups), PhonePlan.isInternational(number) {
                // A number in parentheses as a whole starts at its plus sign.
                if isEnclosed, !(digits..<end).contains(where: { text.is($0, ")") }) { return nil }
                return position..<withExtension(end)
            }
            groups.removeLast()
        }
        return nil
    }

    /// Whether the last group is one digit behind a space, more likely a word of the sentence than of the number.
    private func isStray(_ groups: [DigitGroups.Group]) -> Bool {
        guard groups.count > 3, let last = groups.last else { return false }
        return last.digits.count == 1 && last.separator == .space && !last.isParenthesized
    }

    // MARK: National

    private func nationalMatch(at position: Int) -> Range<Int>? {
        var groups = DigitGroups(text, from: position, maxDigits: Self.maxDigits, parentheses: true).groups
        groups = Array(groups.prefix(Self.maxGroups))
        guard let first = groups.first, first.digits.count <= 15 else { return nil }
        let context = context[first.digits.lowerBound]
        let isInner = text.is(position - 1, " ") && text.isDigit(position - 2)
        if isInner, !Self.canFollowDigits(groups) { return nil }
        while let last = groups.last {
            let number = PhonePlan.National(groups: groups, digits: values(groups))
            if endsHere(last.range.upperBound, hasPlus: false), number.isTelephone(in: context) {
                return position..<withExtension(last.range.upperBound)
            }
            groups.removeLast()
        }
        return nil
    }

    /// Whether a number can start behind a space and other digits, or is more likely the rest of what they belong to.
    private static func canFollowDigits(_ groups: [DigitGroups.Group]) -> Bool {
        let lengths = groups.map(\.digits.count)
        if lengths.starts(with: [2, 2, 2, 2, 2]) { return true }
        return lengths[0] >= 3 && !lengths.allSatisfy { $0 == 3 }
    }

    // MARK: Edges

    private func startsHere(_ position: Int, _ isInternational: Bool) -> Bool {
        let before = position - 1
        if text.isWord(before) { return false }
        if isInternational { return true }
        switch Unicode.Scalar(text.scalar(before)) ?? "\0" {
        case "#", "$", "€", "£", "¥", "%", "+": return false
        case "-", "/": return !text.isWord(before - 1)
        case ".", ",", ":": return !text.isDigit(before - 1)
        case " ": return !isCurrency(before - 1)
        default: return true
        }
    }

    private func endsHere(_ end: Int, hasPlus: Bool) -> Bool {
        if text.isWord(end) { return extensionEnd(end) != nil }
        switch Unicode.Scalar(text.scalar(end)) ?? "\0" {
        case "-", "/": return !text.isWord(end + 1)
        case ".", ",", ":": return !text.isDigit(end + 1)
        case "%", "€", "$", "£", "°": return hasPlus
        case " ": return hasPlus || !isCurrency(end + 1)
        default: return true
        }
    }

    private func isCurrency(_ index: Int) -> Bool {
        ["$", "€", "£", "¥", "%", "=", "*"].contains(Unicode.Scalar(text.scalar(index)) ?? "\0")
    }

    private func values(_ groups: [DigitGroups.Group]) -> [UInt8] {
        groups.flatMap { $0.digits.map { text.uppercased($0) - 0x30 } }
    }

    // MARK: Extension

    private static let extensionWords = ["extension", "durchwahl", "ext", "dw", "x"].map { Array($0.uppercased().utf8) }
    private static let maxExtensionDigits = 6

    private func withExtension(_ end: Int) -> Int { extensionEnd(end) ?? end }

    /// The end of "ext. 12" behind a number.
    private func extensionEnd(_ end: Int) -> Int? {
        var index = end
        while index < end + 2, text.is(index, " ") || text.is(index, ",") { index += 1 }
        let word = Self.extensionWords.first { word in
            word.indices.allSatisfy { text.uppercased(index + $0) == word[$0] }
        }
        guard let word else { return nil }
        index += word.count
        var gap = 0
        while gap < 2, text.is(index, ".") || text.is(index, ":") || text.is(index, " ") {
            index += 1
            gap += 1
        }
        let start = index
        while index - start <= Self.maxExtensionDigits, text.isDigit(index) { index += 1 }
        guard index > start, index - start <= Self.maxExtensionDigits, !text.isWord(index) else { return nil }
        return index
    }
}
