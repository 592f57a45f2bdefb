/// What the groups behind a plus sign are, and how far over the ends of lines they belong together.
extension PhoneScanner {
    /// With so many digits a number is whole, whatever the next line starts with.
    private static let wholeNumber = 10

    /// The groups up to the line break behind which another number starts.
    ///
    /// A number has no check digit; over a break it goes on only while it is too short to be whole.
    static func untilComplete(_ groups: [DigitGroups.Group]) -> ArraySlice<DigitGroups.Group> {
        var digits = 0
        let end = groups.firstIndex { group in
            defer { digits += group.digits.count }
            guard group.separator.contains(.lineBreak) else { return false }
            return digits >= wholeNumber || group.digits.count < 2
        }
        return groups[..<(end ?? groups.endIndex)]
    }

    /// A number with a fraction, or two of them: `+48.137154 11.575444`.
    static func isDecimal(_ groups: [DigitGroups.Group]) -> Bool {
        let line = groups.enumerated().prefix { $0.offset == 0 || !$0.element.separator.contains(.lineBreak) }
            .map(\.element)
        guard line.count >= 2, line[1].separator == .dot, (4...6).contains(line[1].digits.count) else { return false }
        return line.count == 2 || (line.count >= 4 && line[2].separator == .space && line[3].separator == .dot)
    }
}
