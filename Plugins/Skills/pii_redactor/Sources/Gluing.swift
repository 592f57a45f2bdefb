/// Numbers that touch letters: a word before or behind, or a longer string of which they are only a part.
extension FoldedText {
    private static let minHexLength = 24
    /// How many hexadecimal digits beside a number make a long run one string, not a number and a word such as "BIC".
    private static let minHexRest = 5
    private static let uuidLengths = [8, 4, 4, 4, 12]
    private static let uuidLength = 36

    func isGlued(_ range: Range<Int>) -> Bool { isWord(range.lowerBound - 1) || isWord(range.upperBound) }

    /// Whether the number is a part of a hash, a UUID or a hexadecimal literal.
    func isInHex(_ range: Range<Int>) -> Bool {
        if uppercased(range.lowerBound - 1) == 0x58, self.is(range.lowerBound - 2, "0") { return true }
        let run = extended(range, by: Self.minHexLength) { IPAddress.isHex($0) }
        if run.count >= Self.minHexLength, run.count - range.count >= Self.minHexRest { return true }
        return isUUID(extended(range, by: Self.uuidLength) { IPAddress.isHex($0) || $0 == 0x2D })
    }

    private func isUUID(_ range: Range<Int>) -> Bool {
        guard range.count == Self.uuidLength else { return false }
        return range.map(uppercased).split(separator: 0x2D, omittingEmptySubsequences: false).map(\.count)
            == Self.uuidLengths
    }

    private func extended(_ range: Range<Int>, by limit: Int, while belongs: (UInt8) -> Bool) -> Range<Int> {
        var start = range.lowerBound
        var end = range.upperBound
        while range.lowerBound - start < limit, belongs(uppercased(start - 1)) { start -= 1 }
        while end - range.upperBound < limit, belongs(uppercased(end)) { end += 1 }
        return start..<end
    }
}
