/// International bank account numbers: the length their country uses, and the remainder of ISO 7064.
struct IBANScanner {
    let text: FoldedText
    let context: ContextMap

    /// What was read of the length that the country uses.
    private struct Reading {
        var characters: [UInt8] = []
        var end: Int
        /// Whether nothing stands between the characters but behind every fourth of them.
        var isRegular = true
    }

    func match(at position: Int) -> Range<Int>? {
        guard text.isLetter(position), text.isLetter(position + 1), !text.isDigit(position - 1) else { return nil }
        let country = UInt16(text.uppercased(position)) << 8 | UInt16(text.uppercased(position + 1))
        guard let length = Self.lengths[country] else { return nil }
        guard let reading = reading(from: position, length: length) else { return nil }
        let range = position..<reading.end
        guard !text.isDigit(range.upperBound) else { return nil }
        if text.isGlued(range) {
            guard reading.isRegular, !text.isInHex(range) else { return nil }
        }
        let rotated = reading.characters[4...] + reading.characters[..<4]
        return Checksum.remainder97(rotated) == 1 || isMistyped(reading, range) ? range : nil
    }

    private func reading(from position: Int, length: Int) -> Reading? {
        var reading = Reading(end: position)
        reading.characters.reserveCapacity(length)
        while reading.characters.count < length {
            let count = reading.characters.count
            let index = count == 0 ? position : separatorEnd(reading.end)
            guard text.isDigit(index) || text.isLetter(index) else { return nil }
            guard !(2...3).contains(count) || text.isDigit(index) else { return nil }
            if index > reading.end, !count.isMultiple(of: 4) { reading.isRegular = false }
            reading.characters.append(text.uppercased(index))
            reading.end = index + 1
        }
        return reading
    }

    /// One space, dash or dot, or a break with the spaces of an indentation.
    private func separatorEnd(_ start: Int) -> Int {
        let isMark = text.is(start, "-") || text.is(start, ".")
        var index = isMark ? start + 1 : start
        var breaks = 0
        while index - start <= FoldedText.maxSpacesAtBreak {
            if breaks == 0, let end = text.breakEnd(index) {
                breaks = 1
                index = end
            } else if text.is(index, " ") {
                index += 1
            } else {
                break
            }
        }
        if breaks > 0 { return index }
        return isMark || text.is(start, " ") ? start + 1 : start
    }

    /// Whether the word IBAN announces it, though its check digits are wrong; prose has fewer digits.
    private func isMistyped(_ reading: Reading, _ range: Range<Int>) -> Bool {
        guard context[range.lowerBound].contains(.account), reading.isRegular else { return false }
        guard !text.isGlued(range) else { return false }
        return reading.characters.count { $0 < 0x3A } * 2 >= reading.characters.count
    }

    private static let lengths: [UInt16: Int] = {
        let registry = """
            AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29
            ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20
            LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29
            PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20
            YE30
            """
        var table: [UInt16: Int] = [:]
        for entry in registry.split(whereSeparator: \.isWhitespace) {
            let bytes = Array(entry.utf8)
            guard bytes.count == 4, let length = Int(entry.dropFirst(2)) else { continue }
            table[UInt16(bytes[0]) << 8 | UInt16(bytes[1])] = length
        }
        return table
    }()
}
