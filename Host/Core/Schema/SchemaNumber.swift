import PraximousJSON

/// A JSON number as exact decimal digits: 2^53 + 1 and 0.1 stay what was written.
struct SchemaNumber: Sendable {
    /// As written, for messages.
    let text: String
    /// The value when it is an integer that fits: the quick path.
    let integer: Int?
    private let isNegative: Bool
    /// Without zeros at either end; empty for zero.
    private let digits: [UInt8]
    /// The value is 0.DIGITS × 10^point.
    ///
    /// Exponents past `pointLimit` count as that: no two numbers that a schema and a request can hold differ only
    /// beyond it, and adding to it cannot overflow.
    private let point: Int

    private static let pointLimit = 1 << 40
    private static let maxDivisorDigits = 18

    init(_ number: JSONNumber) {
        text = number.text
        integer = number.intValue
        var digits: [UInt8] = []
        var point = 0
        var hasDot = false
        var bytes = Substring(number.text).utf8
        isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative { bytes = bytes.dropFirst() }
        while let byte = bytes.first {
            bytes = bytes.dropFirst()
            if byte | 0x20 == UInt8(ascii: "e") { break }
            if byte == UInt8(ascii: ".") {
                hasDot = true
                continue
            }
            // Zeros at the front move the point and nothing else.
            if digits.isEmpty, byte == UInt8(ascii: "0") {
                if hasDot { point -= 1 }
                continue
            }
            digits.append(byte &- UInt8(ascii: "0"))
            if !hasDot { point += 1 }
        }
        while digits.last == 0 { digits.removeLast() }
        self.digits = digits
        self.point = digits.isEmpty ? 0 : point + Self.exponent(Substring(bytes))
    }

    private static func exponent(_ text: Substring) -> Int {
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        var value = 0
        for byte in text.utf8 where byte &- UInt8(ascii: "0") < 10 {
            value = min(value * 10 + Int(byte &- UInt8(ascii: "0")), pointLimit)
        }
        return isNegative ? -value : value
    }

    var isInteger: Bool { integer != nil || point >= digits.count }
    var isPositive: Bool { !isNegative && !digits.isEmpty }
    /// Whether this can be divided by: more digits would not fit the arithmetic.
    var canDivide: Bool { isPositive && digits.count <= Self.maxDivisorDigits }

    /// -1, 0 or 1 as this is less than, equal to or greater than the other.
    func compared(to other: SchemaNumber) -> Int {
        if let mine = integer, let theirs = other.integer { return mine < theirs ? -1 : mine > theirs ? 1 : 0 }
        if sign != other.sign { return sign < other.sign ? -1 : 1 }
        let magnitude = comparedMagnitude(to: other)
        return isNegative ? -magnitude : magnitude
    }

    private var sign: Int { digits.isEmpty ? 0 : isNegative ? -1 : 1 }

    private func comparedMagnitude(to other: SchemaNumber) -> Int {
        if point != other.point { return point < other.point ? -1 : 1 }
        if digits == other.digits { return 0 }
        return digits.lexicographicallyPrecedes(other.digits) ? -1 : 1
    }

    /// Whether this is a whole multiple of `divisor`, which must satisfy ``canDivide``.
    func isMultiple(of divisor: SchemaNumber) -> Bool {
        if let mine = integer, let theirs = divisor.integer, theirs > 0 { return mine.isMultiple(of: theirs) }
        if digits.isEmpty { return true }
        // This is V × 10^a and the divisor D × 10^b with neither V nor D ending in a zero.
        let shift = (point - digits.count) - (divisor.point - divisor.digits.count)
        // Below zero, V itself would have to end in a zero.
        guard shift >= 0 else { return divisor.digits.isEmpty }
        let modulus = divisor.digits.reduce(UInt64(0)) { $0 * 10 + UInt64($1) }
        guard modulus > 0 else { return false }
        var remainder: UInt64 = 0
        for digit in digits { remainder = (Self.product(remainder, 10, modulus) + UInt64(digit)) % modulus }
        return Self.product(remainder, Self.powerOfTen(shift, modulus), modulus) == 0
    }

    /// The same text for the same value, whatever way it was written.
    var canonicalText: String {
        (isNegative && !digits.isEmpty ? "-" : "") + digits.map(String.init).joined() + "e\(point)"
    }

    private static func product(_ left: UInt64, _ right: UInt64, _ modulus: UInt64) -> UInt64 {
        modulus.dividingFullWidth((left % modulus).multipliedFullWidth(by: right % modulus)).remainder
    }

    private static func powerOfTen(_ exponent: Int, _ modulus: UInt64) -> UInt64 {
        var (result, base, rest) = (1 % modulus, 10 % modulus, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result = product(result, base, modulus) }
            base = product(base, base, modulus)
            rest >>= 1
        }
        return result
    }
}
