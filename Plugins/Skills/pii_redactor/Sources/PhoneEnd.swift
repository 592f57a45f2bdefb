/// Where a telephone number may end, and the extension behind it.
extension FoldedText {
    func isEndOfPhone(_ end: Int, hasPlus: Bool) -> Bool {
        if isWord(end) { return phoneExtensionEnd(end) != nil }
        switch Unicode.Scalar(scalar(end)) ?? "\0" {
        case "-", "/": return !isWord(end + 1)
        case ".", ",", ":": return !isDigit(end + 1)
        case "%", "€", "$", "£", "°": return hasPlus
        case " ": return hasPlus || !isCurrency(end + 1)
        default: return true
        }
    }

    /// A sign of money, share or reckoning: the number beside it is not one to call.
    func isCurrency(_ index: Int) -> Bool {
        switch Unicode.Scalar(scalar(index)) ?? "\0" {
        case "$", "€", "£", "¥", "%", "=", "*": true
        default: false
        }
    }

    private static let extensionWords = ["extension", "durchwahl", "ext", "dw", "x"].map { Array($0.uppercased().utf8) }
    private static let maxExtensionDigits = 6

    /// The end of an extension ("ext" and digits) behind a number; nil when there is none.
    func phoneExtensionEnd(_ end: Int) -> Int? {
        var index = end
        while index < end + 2, self.is(index, " ") || self.is(index, ",") { index += 1 }
        guard isLetter(index) else { return nil }
        let word = Self.extensionWords.first { word in
            word.indices.allSatisfy { uppercased(index + $0) == word[$0] }
        }
        guard let word else { return nil }
        index += word.count
        var gap = 0
        while gap < 2, self.is(index, ".") || self.is(index, ":") || self.is(index, " ") {
            index += 1
            gap += 1
        }
        let start = index
        while index - start <= Self.maxExtensionDigits, isDigit(index) { index += 1 }
        guard index > start, index - start <= Self.maxExtensionDigits, !isWord(index) else { return nil }
        return index
    }
}
