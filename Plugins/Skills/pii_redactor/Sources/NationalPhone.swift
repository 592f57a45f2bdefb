extension PhonePlan {
    /// A number without plus sign, with the way it is grouped.
    struct National {
        private let digits: [UInt8]
        private let lengths: [Int]
        private let separators: DigitGroups.Separator
        private let parenthesized: Int?

        /// - Parameters:
        ///   - groups: At least one.
        ///   - digits: Those of all groups.
        init(groups: ArraySlice<DigitGroups.Group>, digits: ArraySlice<UInt8>) {
            self.digits = Array(digits)
            lengths = groups.map(\.digits.count)
            separators = groups.dropFirst().reduce(into: []) { $0.formUnion($1.separator) }
            parenthesized = groups.firstIndex { $0.isParenthesized }.map { $0 - groups.startIndex }
        }

        func isTelephone(in context: Context) -> Bool {
            if isDate || isAddress { return false }
            if digits.starts(with: [0, 0]) { return isInternational(digits.dropFirst(2)) }
            if context.contains(.phone) { return (7...15).contains(digits.count) }
            if context.contains(.otherNumber) { return false }
            if context.contains(.call), !separators.isEmpty, lengths.allSatisfy({ $0 >= 3 }) {
                if lengths == [3, 4] || (9...12).contains(digits.count) { return true }
            }
            if separators.contains(.dot), separators != .dot { return false }
            return hasAreaCode || hasTrunkZero || isNorthAmerican || hasKnownGroups
        }

        /// An area code in parentheses: `(030) 1234567`, `(415) 555-2671`, `8 (912) 345-67-89`.
        private var hasAreaCode: Bool {
            guard lengths.count > 1, let parenthesized else { return false }
            if parenthesized == 1, lengths[0] == 1, [1, 7, 8].contains(digits[0]) {
                return lengths[1] == 3 && digits.count == 11
            }
            guard parenthesized == 0, lengths[0] <= 5 else { return false }
            let rest = digits.count - lengths[0]
            if digits[0] == 0 { return (5...9).contains(rest) && digits.count >= 8 }
            return (2...3).contains(lengths[0]) && (7...9).contains(rest)
        }

        /// The zero dialled within most countries: `030 1234567`, `0171-1234567`, `01.23.45.67.89`.
        private var hasTrunkZero: Bool {
            guard digits[0] == 0, (8...12).contains(digits.count), lengths[0] >= 2 else { return false }
            if lengths.count == 1 { return digits.count >= 10 }
            guard lengths[0] <= 6, !lengths.dropLast().contains(1), !lengths.allSatisfy({ $0 == 3 }) else {
                return false
            }
            if separators.contains(.dot) { return lengths[0] >= 3 || lengths.count >= 4 }
            return !separators.isDisjoint(with: [.dash, .slash]) || digits.count >= 9
        }

        /// Three, three and four digits; with spaces alone only when area and exchange are possible ones.
        private var isNorthAmerican: Bool {
            let hasTrunk = lengths[0] == 1 && digits[0] == 1
            guard lengths.dropFirst(hasTrunk ? 1 : 0).elementsEqual([3, 3, 4]) else { return false }
            let area = hasTrunk ? 1 : 0
            return (digits[area] >= 2 && digits[area + 3] >= 2) || separators == .dash || separators == .dot
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

        // MARK: What only looks like a number to call

        /// A day, a range of days, months or hours: `2024-01-02`, `01.02.2024`, `05/2024-06/2025`, `08.00-17.00`.
        private var isDate: Bool {
            guard lengths.allSatisfy({ $0 <= 2 || $0 == 4 }) else { return false }
            let years = zip(lengths, starts).filter { $0.0 == 4 }
            guard !years.isEmpty else {
                return lengths.count == 3 || (lengths.count == 4 && separators.isSuperset(of: [.dot, .dash]))
            }
            let areYears = years.allSatisfy { _, start in
                let century = (digits[start], digits[start + 1])
                return century == (1, 9) || century == (2, 0)
            }
            return areYears && (2...6).contains(lengths.count) && lengths.count <= 3 * years.count + 2
        }

        /// Four numbers up to 255 with dots between them.
        private var isAddress: Bool {
            guard separators == .dot, lengths.count == 4 else { return false }
            return zip(lengths, starts).allSatisfy { length, start in
                length <= 3 && digits[start..<(start + length)].reduce(0) { $0 * 10 + Int($1) } <= 255
            }
        }

        private var starts: [Int] {
            var total = 0
            return lengths.map { length in
                defer { total += length }
                return total
            }
        }
    }
}
