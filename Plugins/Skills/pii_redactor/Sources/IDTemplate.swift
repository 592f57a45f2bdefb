/// The shape of an identity number.
///
/// `d` is a digit, `l` a letter, `a` either; `~` at most one space, dash, dot or slash; any other character itself.
struct IDTemplate: Sendable {
    private let pattern: [UInt8]

    init(_ pattern: StaticString) {
        self.pattern = Array(UnsafeBufferPointer(start: pattern.utf8Start, count: pattern.utf8CodeUnitCount))
    }

    var startsWithLetter: Bool { pattern.first == UInt8(ascii: "l") }

    /// The letters and digits, in upper case, and where the number ends; nil when the text has another shape.
    func match(_ text: FoldedText, at start: Int) -> (characters: [UInt8], end: Int)? {
        var index = start
        for symbol in pattern {
            guard let next = step(symbol, text, index) else { return nil }
            index = next
        }
        guard Self.endsHere(text, index) else { return nil }
        return ((start..<index).map(text.uppercased).filter(Self.isSignificant), index)
    }

    private func step(_ symbol: UInt8, _ text: FoldedText, _ index: Int) -> Int? {
        switch symbol {
        case UInt8(ascii: "d"): text.isDigit(index) ? index + 1 : nil
        case UInt8(ascii: "l"): text.isLetter(index) ? index + 1 : nil
        case UInt8(ascii: "a"): text.isDigit(index) || text.isLetter(index) ? index + 1 : nil
        case UInt8(ascii: "~"): [0x20, 0x2D, 0x2E, 0x2F].contains(text.scalar(index)) ? index + 1 : index
        default: text.scalar(index) == UInt32(symbol) ? index + 1 : nil
        }
    }

    private static func isSignificant(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
    }

    static func startsHere(_ text: FoldedText, _ index: Int) -> Bool {
        if text.isWord(index - 1) { return false }
        let before = text.scalar(index - 1)
        return !([0x2D, 0x2E, 0x2F].contains(before) && text.isDigit(index - 2))
    }

    private static func endsHere(_ text: FoldedText, _ end: Int) -> Bool {
        if text.isWord(end) { return false }
        switch text.scalar(end) {
        case 0x2D, 0x2F: return !text.isWord(end + 1)
        case 0x2E: return !text.isDigit(end + 1)
        default: return true
        }
    }
}
