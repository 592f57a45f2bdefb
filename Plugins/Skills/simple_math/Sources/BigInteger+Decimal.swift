extension BigInteger: CustomStringConvertible {
    /// Nine decimal digits at a time: the most that fit in a limb.
    private static let chunkDigits = 9
    private static let chunk: UInt64 = 1_000_000_000

    /// An optional minus sign and digits; nil for anything else.
    init?(decimal text: String) {
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        let digits = Array(text.utf8.dropFirst(isNegative ? 1 : 0))
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        var limbs: [UInt32] = []
        var position = 0
        while position < digits.count {
            // The first chunk takes the odd digits, so that all others are whole.
            let first = (digits.count - position - 1) % Self.chunkDigits + 1
            let part = digits[position..<position + first].reduce(UInt64(0)) { $0 * 10 + UInt64($1 - 0x30) }
            Self.multiply(&limbs, by: position == 0 ? 0 : Self.chunk, adding: part)
            position += first
        }
        self.init(isNegative: isNegative, limbs: limbs)
    }

    private static func multiply(_ limbs: inout [UInt32], by factor: UInt64, adding addend: UInt64) {
        var carry = addend
        for position in limbs.indices {
            let total = UInt64(limbs[position]) * factor + carry
            limbs[position] = UInt32(truncatingIfNeeded: total)
            carry = total >> 32
        }
        if carry > 0 { limbs.append(UInt32(truncatingIfNeeded: carry)) }
    }

    /// All digits.
    var description: String {
        var rest = limbs
        var chunks: [String] = []
        while !rest.isEmpty {
            var remainder: UInt64 = 0
            for position in rest.indices.reversed() {
                let total = remainder << 32 | UInt64(rest[position])
                rest[position] = UInt32(truncatingIfNeeded: total / Self.chunk)
                remainder = total % Self.chunk
            }
            while rest.last == 0 { rest.removeLast() }
            let digits = String(remainder)
            let padding = rest.isEmpty ? 0 : Self.chunkDigits - digits.utf8.count
            chunks.append(String(repeating: "0", count: padding) + digits)
        }
        return chunks.isEmpty ? "0" : (isNegative ? "-" : "") + chunks.reversed().joined()
    }
}
