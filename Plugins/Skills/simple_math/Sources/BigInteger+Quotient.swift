extension BigInteger {
    /// The double nearest to the exact quotient, ties to even; infinite when there is none.
    ///
    /// The divisor must not be 0.
    ///
    /// Dividing the two nearest doubles would round three times, and fail for numbers past 1.8e308 whose quotient is
    /// small. Instead: 64 bits of the quotient by shift and subtract, the rest folded into the last one, one rounding.
    func dividedAsDouble(by divisor: BigInteger) -> Double {
        guard !isZero else { return divisor.isNegative ? -0.0 : 0.0 }
        if let dividend = exactDouble, let divisor = divisor.exactDouble { return dividend / divisor }
        let sign: FloatingPointSign = isNegative == divisor.isNegative ? .plus : .minus
        var exponent = bitWidth - divisor.bitWidth
        var rest = BigInteger(isNegative: false, limbs: limbs).shiftedLeft(by: max(0, -exponent)).limbs
        let unit = BigInteger(isNegative: false, limbs: divisor.limbs).shiftedLeft(by: max(0, exponent)).limbs
        if Self.isLess(rest, unit) {
            rest = Self.doubled(rest)
            exponent -= 1
        }
        // Now 1 <= rest / unit < 2 and the quotient is that times 2^exponent.
        var bits: UInt64 = 0
        for _ in 0..<64 {
            bits <<= 1
            if !Self.isLess(rest, unit) {
                rest = Self.trimmed(Self.difference(rest, unit))
                bits |= 1
            }
            rest = Self.doubled(rest)
        }
        return Self.rounded(bits, isInexact: !rest.isEmpty, exponent: exponent, sign)
    }

    /// Rounds `bits * 2^(exponent - 63)`, a little more when inexact, to as many bits as a double has at that exponent.
    private static func rounded(
        _ bits: UInt64,
        isInexact: Bool,
        exponent: Int,
        _ sign: FloatingPointSign
    ) -> Double {
        let precision = min(53, exponent + 1_075)
        guard precision >= 0 else { return Double(sign: sign, exponent: 0, significand: 0) }
        let dropped = UInt64(64 - precision)
        let kept = dropped == 64 ? 0 : bits >> dropped
        let half: UInt64 = 1 << (dropped - 1)
        let remainder = dropped == 64 ? bits : bits & (half << 1 &- 1)
        let isUp = remainder > half || remainder == half && (isInexact || kept & 1 == 1)
        let significand = Double(kept + (isUp ? 1 : 0))
        return Double(sign: sign, exponent: exponent - 63 + Int(dropped), significand: significand)
    }

    var bitWidth: Int { limbs.last.map { limbs.count * 32 - $0.leadingZeroBitCount } ?? 0 }

    /// The same number, when it is small enough for every integer to be a double.
    private var exactDouble: Double? {
        guard bitWidth <= 53 else { return nil }
        let magnitude = limbs.reversed().reduce(UInt64(0)) { $0 << 32 | UInt64($1) }
        return isNegative ? -Double(magnitude) : Double(magnitude)
    }

    private func shiftedLeft(by count: Int) -> BigInteger {
        var output = [UInt32](repeating: 0, count: count / 32)
        let shift = UInt64(count % 32)
        var carry: UInt64 = 0
        for limb in limbs {
            let total = UInt64(limb) << shift | carry
            output.append(UInt32(truncatingIfNeeded: total))
            carry = total >> 32
        }
        output.append(UInt32(truncatingIfNeeded: carry))
        return BigInteger(isNegative: isNegative, limbs: output)
    }

    private static func doubled(_ limbs: [UInt32]) -> [UInt32] {
        BigInteger(isNegative: false, limbs: limbs).shiftedLeft(by: 1).limbs
    }

    private static func trimmed(_ limbs: [UInt32]) -> [UInt32] {
        BigInteger(isNegative: false, limbs: limbs).limbs
    }
}
