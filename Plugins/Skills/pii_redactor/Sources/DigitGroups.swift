/// Groups of digits with separators between them, as cards and telephone numbers are written.
struct DigitGroups {
    struct Group {
        /// With the parentheses, when there are any.
        var range: Range<Int>
        var digits: Range<Int>
        var isParenthesized = false
        /// What stands between the group before and this one.
        var separator: Separator = []
    }

    struct Separator: OptionSet {
        let rawValue: UInt8
        static let space = Separator(rawValue: 1)
        static let dash = Separator(rawValue: 2)
        static let dot = Separator(rawValue: 4)
        static let slash = Separator(rawValue: 8)
        /// A line break or a tab.
        static let lineBreak = Separator(rawValue: 16)
    }

    private(set) var groups: [Group] = []

    /// - Parameters:
    ///   - text: The text.
    ///   - start: The first digit, or a parenthesis before it.
    ///   - maxDigits: A group that would pass it, and what follows, is left out.
    ///   - parentheses: Whether one group may stand in parentheses, and slashes between groups.
    ///   - isEnclosed: Whether a parenthesis is open and may close between two groups.
    ///   - breaks: Whether a line break or a tab may stand between groups.
    init(
        _ text: FoldedText,
        from start: Int,
        maxDigits: Int,
        parentheses: Bool,
        isEnclosed: Bool = false,
        breaks: Bool = false
    ) {
        var isEnclosed = isEnclosed
        var index = start
        var total = 0
        var hasParentheses = false
        var separator: Separator = []
        while var group = Self.group(text, at: index, limit: maxDigits, parentheses: parentheses) {
            total += group.digits.count
            guard total <= maxDigits, !(group.isParenthesized && hasParentheses) else { return }
            hasParentheses = hasParentheses || group.isParenthesized
            group.separator = separator
            groups.append(group)
            var end = group.range.upperBound
            if isEnclosed, text.is(end, ")") {
                isEnclosed = false
                end += 1
            }
            guard let next = Self.separator(text, at: end, parentheses: parentheses, breaks: breaks) else { return }
            separator = next.kinds
            index = next.end
        }
    }

    private static func group(_ text: FoldedText, at start: Int, limit: Int, parentheses: Bool) -> Group? {
        let open = parentheses && text.is(start, "(")
        let first = open ? start + 1 : start
        var end = first
        while end - first <= limit, text.isDigit(end) { end += 1 }
        guard end > first else { return nil }
        guard open else { return Group(range: start..<end, digits: first..<end) }
        guard text.is(end, ")") else { return nil }
        return Group(range: start..<(end + 1), digits: first..<end, isParenthesized: true)
    }

    /// At most one mark of punctuation with at most two spaces around it, or one break with the spaces of an
    /// indentation; nothing only beside a parenthesis.
    private static func separator(
        _ text: FoldedText,
        at start: Int,
        parentheses: Bool,
        breaks: Bool
    ) -> (end: Int, kinds: Separator)? {
        var kinds: Separator = []
        var spaces = 0
        var index = start
        while true {
            if breaks, let end = text.breakEnd(index) {
                guard !kinds.contains(.lineBreak) else { return nil }
                kinds.insert(.lineBreak)
                index = end
                continue
            }
            let kind = kind(text.scalar(index))
            if kind == .space {
                spaces += 1
                guard spaces <= FoldedText.maxSpacesAtBreak else { return nil }
            } else if let kind {
                guard kinds.isDisjoint(with: [.dash, .dot, .slash]), kind != .slash || parentheses else { return nil }
            }
            guard let kind else { break }
            kinds.insert(kind)
            index += 1
        }
        guard spaces <= 2 || kinds.contains(.lineBreak) else { return nil }
        let opens = parentheses && text.is(index, "(")
        guard opens || text.isDigit(index), index > start || opens || text.is(start - 1, ")") else { return nil }
        return (index, kinds)
    }

    private static func kind(_ scalar: UInt32) -> Separator? {
        switch scalar {
        case 0x20: .space
        case 0x2D: .dash
        case 0x2E: .dot
        case 0x2F: .slash
        default: nil
        }
    }
}
