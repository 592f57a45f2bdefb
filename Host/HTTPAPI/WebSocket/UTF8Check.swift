/// Whether bytes that come in pieces are UTF-8 (RFC 3629): the first wrong byte is told at once, wherever the pieces are
/// cut.
///
/// Our own, since the standard library checks whole texts only and RFC 6455, 8.1 wants a broken one to fail while the rest
/// of the message is still to come.
struct UTF8Check: Sendable, Equatable {
    /// Continuation bytes that must follow.
    private var missing = 0
    /// What the next of them may be; narrower after E0, ED, F0 and F4.
    private var low: UInt8 = 0x80
    private var high: UInt8 = 0xBF

    /// Whether no character is cut short.
    var isComplete: Bool { missing == 0 }

    /// Returns false at the first byte that cannot be there; the check is of no use afterwards.
    mutating func accept(_ bytes: some Sequence<UInt8>) -> Bool {
        for byte in bytes {
            if missing > 0 {
                guard (low...high).contains(byte) else { return false }
                missing -= 1
                (low, high) = (0x80, 0xBF)
            } else if byte >= 0x80 {
                guard begin(byte) else { return false }
            }
        }
        return true
    }

    private mutating func begin(_ byte: UInt8) -> Bool {
        switch byte {
        case 0xC2...0xDF: missing = 1
        case 0xE0: (missing, low) = (2, 0xA0)
        // Not the surrogates of UTF-16.
        case 0xED: (missing, high) = (2, 0x9F)
        case 0xE1...0xEF: missing = 2
        case 0xF0: (missing, low) = (3, 0x90)
        case 0xF1...0xF3: missing = 3
        // Nothing beyond U+10FFFF.
        case 0xF4: (missing, high) = (3, 0x8F)
        default: return false
        }
        return true
    }
}
