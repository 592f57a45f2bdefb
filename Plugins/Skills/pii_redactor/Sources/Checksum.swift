/// Check-digit methods that several numbers share.
///
/// Digits are values 0 to 9 unless said otherwise.
enum Checksum {
    /// ISO/IEC 7812: every second digit from the right doubled.
    static func luhn(_ digits: [UInt8]) -> Bool {
        var sum = 0
        for (index, digit) in digits.reversed().enumerated() {
            let value = Int(digit) * (index.isMultiple(of: 2) ? 1 : 2)
            sum += value > 9 ? value - 9 : value
        }
        return sum.isMultiple(of: 10)
    }

    /// ISO 7064 MOD 97-10 over ASCII digits and capital letters, a letter counting 10 to 35.
    static func remainder97(_ characters: ArraySlice<UInt8>) -> Int {
        characters.reduce(0) { remainder, character in
            switch character {
            case 0x30...0x39: (remainder * 10 + Int(character - 0x30)) % 97
            case 0x41...0x5A: (remainder * 100 + Int(character - 0x37)) % 97
            default: remainder
            }
        }
    }

    /// ISO 7064 MOD 11,10, whose last digit is the check digit.
    static func mod11And10(_ digits: [UInt8]) -> Bool {
        guard let check = digits.last else { return false }
        var product = 10
        for digit in digits.dropLast() {
            let sum = (Int(digit) + product) % 10
            product = (sum == 0 ? 10 : sum) * 2 % 11
        }
        return (11 - product) % 10 == Int(check)
    }

    /// The sum of the digits times their weights; the shorter of both lists counts.
    static func weighted(_ digits: some Sequence<UInt8>, _ weights: [Int]) -> Int {
        zip(digits, weights).reduce(0) { $0 + Int($1.0) * $1.1 }
    }

    /// The dihedral method of Verhoeff; catches every single error and every swap of neighbours.
    static func verhoeff(_ digits: [UInt8]) -> Bool {
        var check = 0
        for (index, digit) in digits.reversed().enumerated() {
            check = multiplied(check, permuted(Int(digit), times: index % 8))
        }
        return check == 0
    }

    /// The product in the dihedral group of order ten.
    private static func multiplied(_ left: Int, _ right: Int) -> Int {
        switch (left < 5, right < 5) {
        case (true, true): (left + right) % 5
        case (true, false): 5 + (left + right - 5) % 5
        case (false, true): 5 + (left - 5 + 5 - right) % 5
        case (false, false): (left - 5 + 5 - (right - 5)) % 5
        }
    }

    private static let permutation = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]

    private static func permuted(_ digit: Int, times: Int) -> Int {
        (0..<times).reduce(digit) { value, _ in permutation[value] }
    }
}
