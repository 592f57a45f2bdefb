/// Check digits and rules of identity numbers.
///
/// All take ASCII digits and capital letters, as many as the shape has.
enum IDChecks {
    /// US: no area 000 or 666, no group 00, no serial 0000; an area from 900 only for the groups of taxpayer numbers.
    static func socialSecurity(_ characters: [UInt8]) -> Bool {
        let area = number(characters[0..<3])
        let group = number(characters[3..<5])
        guard area > 0, area != 666, group > 0, number(characters[5...]) > 0 else { return false }
        guard area >= 900 else { return true }
        return (50...99).contains(group) && ![66, 67, 68, 69, 89, 93].contains(group)
    }

    /// Mexico: a check digit over the other seventeen.
    static func curp(_ characters: [UInt8]) -> Bool {
        let digits = NationalIDs.values(characters)
        guard characters.count == 18, isDay(digits, day: 4, month: 2), characters[10] == 0x48 || characters[10] == 0x4D
        else { return false }
        let sum = characters.prefix(17).enumerated().reduce(0) { $0 + letterValue($1.element) * (18 - $1.offset) }
        return (10 - sum % 10) % 10 == Int(characters[17] - 0x30)
    }

    /// In Mexico's alphabet Ñ follows N; so letters from O on count one more.
    private static func letterValue(_ character: UInt8) -> Int {
        character < 0x3A ? Int(character - 0x30) : Int(character - 0x37) + (character > 0x4E ? 1 : 0)
    }

    /// Germany's tax number: of the first ten digits one stands twice or three times, the others at most once.
    static func germanTax(_ characters: [UInt8]) -> Bool {
        let digits = NationalIDs.values(characters)
        guard digits.count == 11, digits[0] != 0, Checksum.mod11And10(digits) else { return false }
        var counts = Array(repeating: 0, count: 10)
        for digit in digits.dropLast() { counts[Int(digit)] += 1 }
        let repeated = counts.filter { $0 > 1 }
        return repeated.count == 1 && repeated[0] <= 3
    }

    /// Germany's insurance number: area, birthday, initial, serial, check digit.
    static func germanInsurance(_ characters: [UInt8]) -> Bool {
        let digits = NationalIDs.values(characters)
        guard isDay(digits, day: 2, month: 4) else { return false }
        let letter = characters[8] - 0x40
        let expanded = digits[0..<8] + [letter / 10, letter % 10] + digits[8..<10]
        let weights = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]
        let sum = zip(expanded, weights).reduce(0) { sum, pair in
            let product = Int(pair.0) * pair.1
            return sum + product / 10 + product % 10
        }
        return sum % 10 == Int(digits[10])
    }

    /// Germany's identity card and passport: weights 7, 3, 1, as in machine-readable documents.
    static func germanIdentityCard(_ characters: [UInt8]) -> Bool {
        guard characters.contains(where: { $0 < 0x3A }), let check = characters.last else { return false }
        let sum = characters.dropLast().enumerated().reduce(0) { sum, item in
            sum + alphanumericValue(item.element) * [7, 3, 1][item.offset % 3]
        }
        return sum % 10 == Int(check - 0x30)
    }

    static func austrian(_ characters: [UInt8]) -> Bool {
        let digits = NationalIDs.values(characters)
        guard digits[0] != 0, (1...31).contains(Int(digits[4]) * 10 + Int(digits[5])) else { return false }
        return Checksum.weighted(digits, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 == Int(digits[3])
    }

    /// Switzerland: the check digit of EAN-13.
    static func swiss(_ characters: [UInt8]) -> Bool {
        Checksum.weighted(NationalIDs.values(characters), [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]).isMultiple(of: 10)
    }

    /// The Netherlands: the test of eleven; eight digits have lost a leading zero.
    static func dutch(_ characters: [UInt8]) -> Bool {
        let digits = Array(repeating: 0, count: 9 - characters.count) + NationalIDs.values(characters)
        let sum = Checksum.weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1])
        return sum != 0 && sum.isMultiple(of: 11)
    }

    /// Belgium: 97 less the remainder; for those born from 2000 on a 2 stands in front.
    static func belgian(_ characters: [UInt8]) -> Bool {
        let check = number(characters[9...])
        let serial = number(characters[..<9])
        return 97 - serial % 97 == check || 97 - (2_000_000_000 + serial) % 97 == check
    }

    /// France: 97 less the remainder; Corsica's 2A and 2B count as 19 and 18.
    static func french(_ characters: [UInt8]) -> Bool {
        var text = characters
        guard [0x31, 0x32, 0x33, 0x34, 0x37, 0x38].contains(text[0]) else { return false }
        if text[6] == 0x41 || text[6] == 0x42 {
            guard text[5] == 0x32 else { return false }
            text[6] = text[6] == 0x41 ? 0x39 : 0x38
            text[5] = 0x31
        }
        guard text[6] < 0x3A else { return false }
        return 97 - number(text[..<13]) % 97 == number(text[13...])
    }

    private static let spanishLetters = Array("TRWAGMYFPDXBNJZSQVHLCKE".utf8)

    static func spanish(_ characters: [UInt8]) -> Bool {
        spanishLetters[number(characters[..<8]) % 23] == characters[8]
    }

    /// Spain's number for foreigners: X, Y and Z stand for 0, 1 and 2.
    static func spanishForeigner(_ characters: [UInt8]) -> Bool {
        guard (0x58...0x5A).contains(characters[0]) else { return false }
        return spanish([characters[0] - 0x58 + 0x30] + characters.dropFirst())
    }
}

extension IDChecks {
    /// The value of ASCII digits, never more than fit; what is no digit counts nothing.
    static func number(_ characters: some Sequence<UInt8>) -> Int {
        characters.reduce(0) { (0x30...0x39).contains($1) ? $0 * 10 + Int($1 - 0x30) : $0 }
    }

    static func alphanumericValue(_ character: UInt8) -> Int {
        character < 0x3A ? Int(character - 0x30) : Int(character - 0x37)
    }

    /// Whether two digits at `day` and two at `month` can be a day of the year.
    static func isDay(_ digits: [UInt8], day: Int, month: Int) -> Bool {
        guard digits.count > max(day, month) + 1 else { return false }
        return (1...31).contains(digits[day] * 10 + digits[day + 1])
            && (1...12).contains(digits[month] * 10 + digits[month + 1])
    }
}
