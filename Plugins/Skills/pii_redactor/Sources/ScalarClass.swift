/// The few classes of characters that detectors tell apart.
enum ScalarClass: UInt8, Sendable {
    case other
    /// A decimal digit of any script; folded to ASCII.
    case digit
    /// An ASCII letter.
    case letter
    /// A letter or number outside ASCII, of a script that sets spaces between words.
    case foreignLetter
    /// A letter of a script that sets none: Han, kana, hangul, Thai and its neighbours.
    case denseLetter
    /// A mark that combines with the letter before it.
    case mark

    static func ofASCII(_ value: UInt32) -> ScalarClass {
        switch value {
        case 0x30...0x39: .digit
        case 0x41...0x5A, 0x61...0x7A: .letter
        default: .other
        }
    }

    static func of(_ value: UInt32, _ category: Unicode.GeneralCategory) -> ScalarClass {
        switch category {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .letterNumber,
            .otherNumber:
            isDense(value) ? .denseLetter : .foreignLetter
        case .nonspacingMark, .spacingMark, .enclosingMark: .mark
        default: .other
        }
    }

    private static func isDense(_ value: UInt32) -> Bool {
        switch value {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1100...0x11FF, 0x1780...0x17FF, 0x3040...0x30FF, 0x3100...0x9FFF,
            0xAC00...0xD7AF, 0xF900...0xFAFF, 0x20000...0x3FFFF:
            true
        default: false
        }
    }
}
