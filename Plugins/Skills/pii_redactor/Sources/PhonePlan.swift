/// How telephone numbers are built, and what only looks like one.
enum PhonePlan {
    /// The country codes of one or two digits; all others in use have three.
    private static let shortCodes: Set<Int> = [
        1, 7, 20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56, 57, 58, 60, 61,
        62, 63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98,
    ]
    /// The tens of the country codes of three digits.
    private static let longCodes: Set<Int> = [21, 22, 23, 24, 25, 26, 29, 35, 37, 38, 42, 50, 59, 67, 68, 69, 80, 85, 87,
        88, 96, 97, 99,
    ]

    /// - Parameter digits: All digits behind the plus sign.
    static func isInternational(_ digits: [UInt8]) -> Bool {
        guard digits.count >= 7, let first = digits.first, first != 0 else { return false }
        let tens = Int(first) * 10 + Int(digits[1])
        switch first {
        case 1: return digits.count == 11 && digits[1] >= 2
        case 7: return digits.count == 11
        default: break
        }
        if shortCodes.contains(tens) {
            // A trunk zero in parentheses behind the code is written, not dialled.
            return (8...15).contains(digits.count - (digits[2] == 0 ? 1 : 0))
        }
        return longCodes.contains(tens) && (7...15).contains(digits.count)
    }
}

extension PhonePlan {
    /// A number without plus sign, with the way it is grouped.
    struct National {
        let groups: [DigitGroups.Group]
        let digits: [UInt8]
        private let lengths: [Int]
        private let separators: DigitGroups.Separator

        init(groups: [DigitGroups.Group], digits: [UInt8]) {
            self.groups = groups
            self.digits = digits
            lengths = groups.map(\.digits.count)
            separators = groups.dropFirst().reduce(into: []) { $0.formUnion($1.separator) }
        }

        func isTelephone(in context: Context) -> Bool {
            if isDate || isAddress { return false }
            if digits.starts(with: [0, 0]) { return isInternational(Array(digits.dropFirst(2))) }
            if context.contains(.phone) { return (7...15).contains(digits.count) }
            if context.contains(.otherNumber) { return false }
            if context.contains(.call), separators != [], lengths == [3, 4] || (9...12).contains(digits.count) {
                return true
            }
            if separators.contains(.dot), separators != .dot { return false }
            return hasAreaCode || hasTrunkZero || isNorthAmerican || hasKnownGroups
        }

        /// `(0)30 1234567`, `(415) 555-2671`, `8 (912) 345-67-89`.
        private var hasAreaCode: Bool {
            if groups.count > 1, groups[1].isParenthesized, lengths[0] == 1, [1, 7, 8].contains(digits[0]) {
                return lengths[1] == 3 && digits.count == 11
            }
            guard groups[0].isParenthesized, groups.count > 1, lengths[0] <= 5 else { return false }
            let rest = digits.count - lengths[0]
            if digits[0] == 0 { return (5...9).contains(rest) && digits.count >= 8 }
            return (2...3).contains(lengths[0]) && (7...9).contains(rest)
        }

        /// The zero dialled within most countries: `030 1234567`, `0171-1234567`, `01.23.45.67.89`.
        private var hasTrunkZero: Bool {
            guard digits[0] == 0, digits.count >= 8, digits.count <= 12, (2...12).contains(lengths[0]) else {
                return false
            }
            if groups.count == 1 { return digits.count >= 10 }
            guard lengths[0] <= 6, !lengths.dropLast().contains(1), !lengths.allSatisfy({ $0 == 3 }) else { return false }
            if separators.contains(.dot) { return lengths[0] >= 3 || groups.count >= 4 }
            return separators.isDisjoint(with: [.dash, .slash]) ? digits.count >= 9 : true
        }

        /// Three, three and four digits; with spaces alone only when area and exchange are possible ones.
        private var isNorthAmerican: Bool {
            var lengths = lengths[...]
            var digits = digits[...]
            if lengths.first == 1, digits.first == 1 {
                lengths.removeFirst()
                digits.removeFirst()
            }
            guard lengths.elementsEqual([3, 3, 4]) else { return false }
            let isPossible = digits[digits.startIndex] >= 2 && digits[digits.startIndex + 3] >= 2
            return isPossible || separators == .dash || separators == .dot
        }

        /// Groups telling enough by themselves: India, China, Spain, Russia.
        private var hasKnownGroups: Bool {
            switch lengths {
            case [5, 5]: digits[0] >= 6
            case [3, 4, 4]: digits[0] == 1 && digits[1] >= 3
            case [3, 2, 2, 2]: digits[0] >= 6
            case [1, 3, 3, 2, 2]: digits[0] == 8 || digits[0] == 7
            default: false
            }
        }

        // MARK: What is no number to call

        /// A day, a range of months or years, or hours: `2024-01-02`, `01.02.2024`, `05/2024-06/2025`, `08.00-17.00`.
        private var isDate: Bool {
            if lengths.contains(4), lengths.allSatisfy({ [1, 2, 4].contains($0) }), yearsAreYears {
                if lengths.count(where: { $0 == 4 }) >= 1, lengths.count >= 2, lengths.count <= 6, !hasLongTail {
                    return true
                }
            }
            guard lengths.allSatisfy({ $0 <= 2 }) else { return false }
            return lengths.count == 3 || (lengths.count == 4 && separators.contains(.dot) && separators.contains(.dash))
        }

        private var yearsAreYears: Bool {
            zip(groups, starts).allSatisfy { group, start in
                group.digits.count < 4 || (digits[start] == 1 && digits[start + 1] == 9) || (digits[start] == 2 && digits[start + 1] == 0)
            }
        }

        /// Three groups of two are a day and month more than any date has beside its year.
        private var hasLongTail: Bool { lengths.count(where: { $0 <= 2 }) > 2 * lengths.count(where: { $0 == 4 }) + 2 }

        private var starts: [Int] {
            var total = 0
            return lengths.map { length in
                defer { total += length }
                return total
            }
        }

        /// Four numbers up to 255 with dots between them.
        private var isAddress: Bool {
            guard separators == .dot, groups.count == 4 else { return false }
            return zip(lengths, starts).allSatisfy { length, start in
                length <= 3 && digits[start..<(start + length)].reduce(0) { $0 * 10 + Int($1) } <= 255
            }
        }
    }
}
