extension IDChecks {
    /// What a character in an odd position of Italy's fiscal code counts; in an even one it counts its place.
    private static let italianOdd = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
    ]
    /// Places that hold a digit, or the letter that stands for it when two people would have one code.
    private static let italianDigits = [6, 7, 9, 10, 12, 13, 14]

    static func italian(_ characters: [UInt8]) -> Bool {
        for place in italianDigits where characters[place] > 0x39 {
            guard Array("LMNPQRSTUV".utf8).contains(characters[place]) else { return false }
        }
        guard Array("ABCDEHLMPRST".utf8).contains(characters[8]) else { return false }
        let sum = characters.prefix(15).enumerated().reduce(0) { sum, item in
            let value = item.element < 0x3A ? Int(item.element - 0x30) : Int(item.element - 0x41)
            return sum + (item.offset.isMultiple(of: 2) ? italianOdd[value] : value)
        }
        return sum % 26 == Int(characters[15] - 0x41)
    }

    static func portuguese(_ characters: [UInt8]) -> Bool {
        let digits = NationalIDs.values(characters)
        let rest = Checksum.weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2]) % 11
        return digits[0] != 0 && digits[8] == (rest < 2 ? 0 : 11 - rest)
    }

    static func romanian(_ characters: [UInt8]) -> Bool {
        let digits = NationalIDs.values(characters)
        let rest = Checksum.weighted(digits, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11
        return digits[0] != 0 && isDay(digits, day: 5, month: 3) && Int(digits[12]) == (rest == 10 ? 1 : rest)
    }

    /// The UK's national insurance number: letters that are never given out (but QQ, the example on forms),
    /// and a suffix from A to D.
    static func nationalInsurance(_ characters: [UInt8]) -> Bool {
        guard (0x41...0x44).contains(characters[8]) else { return false }
        if characters[0] == 0x51, characters[1] == 0x51 { return true }
        let never = Array("DFIQUV".utf8)
        guard !never.contains(characters[0]), !never.contains(characters[1]), characters[1] != 0x4F else {
            return false
        }
        let prefix = String(decoding: characters[..<2], as: UTF8.self)
        return !["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"].contains(prefix)
    }

    static func healthService(_ characters: [UInt8]) -> Bool {
        let digits = NationalIDs.values(characters)
        let check = 11 - Checksum.weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11
        return (check == 11 ? 0 : check) == Int(digits[9])
    }

    /// Ireland: a check letter over seven digits and, since 2013, a second letter.
    static func irish(_ characters: [UInt8]) -> Bool {
        var sum = Checksum.weighted(NationalIDs.values(characters), [8, 7, 6, 5, 4, 3, 2])
        if characters.count == 9 {
            guard (0x41...0x49).contains(characters[8]) || characters[8] == 0x57 else { return false }
            if characters[8] != 0x57 { sum += 9 * Int(characters[8] - 0x40) }
        }
        let letter = sum % 23
        return characters[7] == (letter == 0 ? 0x57 : UInt8(0x40 + letter))
    }

    /// Sweden: the Luhn digit over ten; a coordination number has 60 added to its day.
    static func swedish(_ characters: [UInt8]) -> Bool {
        let digits = Array(NationalIDs.values(characters).suffix(10))
        let day = Int(digits[4]) * 10 + Int(digits[5])
        guard (1...12).contains(digits[2] * 10 + digits[3]), (1...31).contains(day % 60) else { return false }
        return Checksum.luhn(digits)
    }

    private static let finnishLetters = Array("0123456789ABCDEFHJKLMNPRSTUVWXY".utf8)

    static func finnish(_ characters: [UInt8]) -> Bool {
        var digits = characters
        // The mark between birthday and serial may be the letter A.
        if digits.count == 11 { digits.remove(at: 6) }
        guard digits.count == 10, isDay(NationalIDs.values(digits), day: 0, month: 2) else { return false }
        return finnishLetters[number(digits[..<9]) % 31] == digits[9]
    }

    static func norwegian(_ characters: [UInt8]) -> Bool {
        let digits = NationalIDs.values(characters)
        return Checksum.weighted(digits, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]).isMultiple(of: 11)
            && Checksum.weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]).isMultiple(of: 11)
    }

    /// Poland: the month tells the century.
    static func polish(_ characters: [UInt8]) -> Bool {
        let digits = NationalIDs.values(characters)
        guard (1...12).contains((Int(digits[2]) * 10 + Int(digits[3])) % 20) else { return false }
        return Checksum.weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]).isMultiple(of: 10)
    }

    /// Czechia and Slovakia: a multiple of eleven, or until 1985 a zero where the check would have been ten; women have
    /// 50 added to the month, full series 20.
    static func czech(_ characters: [UInt8]) -> Bool {
        let month = number(characters[2..<4]) % 50 % 20
        guard (1...12).contains(month), (1...31).contains(number(characters[4..<6])) else { return false }
        if number(characters).isMultiple(of: 11) { return true }
        return number(characters[..<9]) % 11 == 10 && characters[9] == 0x30
    }

    static func turkish(_ characters: [UInt8]) -> Bool {
        let digits = NationalIDs.values(characters).map(Int.init)
        let odd = digits[0] + digits[2] + digits[4] + digits[6] + digits[8]
        let even = digits[1] + digits[3] + digits[5] + digits[7]
        guard digits[0] != 0, (odd * 7 - even + 100) % 10 == digits[9] else { return false }
        return (odd + even + digits[9]) % 10 == digits[10]
    }

    /// Brazil: two check digits; equal digits throughout fulfil them and are nobody's.
    static func brazilian(_ characters: [UInt8]) -> Bool {
        let digits = NationalIDs.values(characters)
        guard Set(digits).count > 1 else { return false }
        return [9, 10].allSatisfy { place in
            let rest = Checksum.weighted(digits, Array((2...place + 1).reversed())) * 10 % 11 % 10
            return rest == Int(digits[place])
        }
    }

    static func aadhaar(_ characters: [UInt8]) -> Bool {
        characters[0] >= 0x32 && Checksum.verhoeff(NationalIDs.values(characters))
    }

    /// China: area, birthday, serial, and a check character of ISO 7064 MOD 11-2.
    static func chinese(_ characters: [UInt8]) -> Bool {
        guard (1800...2199).contains(number(characters[6..<10])), (1...12).contains(number(characters[10..<12])),
            (1...31).contains(number(characters[12..<14]))
        else { return false }
        let sum = characters.prefix(17).reduce(0) { ($0 + Int($1 - 0x30)) * 2 % 11 }
        let check = (12 - sum) % 11
        return characters[17] == (check == 10 ? 0x58 : UInt8(0x30 + check))
    }

    static func korean(_ characters: [UInt8]) -> Bool {
        let digits = NationalIDs.values(characters)
        guard isDay(digits, day: 4, month: 2) else { return false }
        let sum = Checksum.weighted(digits, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5])
        return (11 - sum % 11) % 10 == Int(digits[12])
    }

    /// Singapore: seven weighted digits and a letter from a table of each series.
    static func singaporean(_ characters: [UInt8]) -> Bool {
        let sum = Checksum.weighted(NationalIDs.values(characters), [2, 7, 6, 5, 4, 3, 2])
        switch characters[0] {
        case UInt8(ascii: "S"): return Array("JZIHGFEDCBA".utf8)[sum % 11] == characters[8]
        case UInt8(ascii: "T"): return Array("JZIHGFEDCBA".utf8)[(sum + 4) % 11] == characters[8]
        case UInt8(ascii: "F"): return Array("XWUTRQPNMLK".utf8)[sum % 11] == characters[8]
        case UInt8(ascii: "G"): return Array("XWUTRQPNMLK".utf8)[(sum + 4) % 11] == characters[8]
        default: return false
        }
    }
}
