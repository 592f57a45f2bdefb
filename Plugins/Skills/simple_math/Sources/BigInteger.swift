/// An integer of any size: a sign, and a magnitude in 32-bit limbs, lowest first, without leading zeros.
///
/// Only what this skill needs: schoolbook multiplication is fine for numbers bounded by `Operand.maxDigits`.
struct BigInteger: Equatable {
    var isNegative: Bool
    var limbs: [UInt32]

    var isZero: Bool { limbs.isEmpty }

    init(isNegative: Bool, limbs: [UInt32]) {
        self.limbs = limbs
        while self.limbs.last == 0 { self.limbs.removeLast() }
        self.isNegative = isNegative && !self.limbs.isEmpty
    }

    init(_ value: Int) {
        let magnitude = UInt64(value.magnitude)
        self.init(
            isNegative: value < 0,
            limbs: [UInt32(truncatingIfNeeded: magnitude), UInt32(truncatingIfNeeded: magnitude >> 32)]
        )
    }
}

extension BigInteger {
    static func + (left: BigInteger, right: BigInteger) -> BigInteger {
        if left.isNegative == right.isNegative {
            return BigInteger(isNegative: left.isNegative, limbs: sum(left.limbs, right.limbs))
        }
        if isLess(left.limbs, right.limbs) {
            return BigInteger(isNegative: right.isNegative, limbs: difference(right.limbs, left.limbs))
        }
        return BigInteger(isNegative: left.isNegative, limbs: difference(left.limbs, right.limbs))
    }

    static func - (left: BigInteger, right: BigInteger) -> BigInteger {
        left + BigInteger(isNegative: !right.isNegative, limbs: right.limbs)
    }

    static func * (left: BigInteger, right: BigInteger) -> BigInteger {
        var product = [UInt32](repeating: 0, count: left.limbs.count + right.limbs.count)
        for (position, factor) in left.limbs.enumerated() {
            var carry: UInt64 = 0
            for (offset, limb) in right.limbs.enumerated() {
                // At most (2^32 - 1)^2 + 2 (2^32 - 1), which is 2^64 - 1.
                let total = UInt64(factor) * UInt64(limb) + UInt64(product[position + offset]) + carry
                product[position + offset] = UInt32(truncatingIfNeeded: total)
                carry = total >> 32
            }
            product[position + right.limbs.count] = UInt32(truncatingIfNeeded: carry)
        }
        return BigInteger(isNegative: left.isNegative != right.isNegative, limbs: product)
    }

    static func isLess(_ left: [UInt32], _ right: [UInt32]) -> Bool {
        if left.count != right.count { return left.count < right.count }
        for (a, b) in zip(left.reversed(), right.reversed()) where a != b { return a < b }
        return false
    }

    private static func sum(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
        let (long, short) = left.count >= right.count ? (left, right) : (right, left)
        var output = long
        var carry: UInt64 = 0
        for position in long.indices {
            let total = UInt64(long[position]) + (position < short.count ? UInt64(short[position]) : 0) + carry
            output[position] = UInt32(truncatingIfNeeded: total)
            carry = total >> 32
        }
        output.append(UInt32(truncatingIfNeeded: carry))
        return output
    }

    /// `left` must not be the smaller one.
    ///
    /// May leave zeros at the top.
    static func difference(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
        var output = left
        var borrow: Int64 = 0
        for position in left.indices {
            let total = Int64(left[position]) - (position < right.count ? Int64(right[position]) : 0) - borrow
            output[position] = UInt32(truncatingIfNeeded: total)
            borrow = total < 0 ? 1 : 0
        }
        return output
    }
}
