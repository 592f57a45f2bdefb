/// International bank account numbers: the length their country uses, and the remainder of ISO 7064.
struct IBANScanner {
    let text: FoldedText

    func match(at position: Int) -> Range<Int>? {
        guard text.isLetter(position), text.isLetter(position + 1), startsHere(position) else { return nil }
        let country = UInt16(text.uppercased(position)) << 8 | UInt16(text.uppercased(position + 1))
        guard let length = Self.lengths[country] else { return nil }
        var characters: [UInt8] = []
        characters.reserveCapacity(length)
        var index = position
        while characters.count < length {
            if !characters.isEmpty, isSeparator(index) { index += 1 }
            guard text.isDigit(index) || text.isLetter(index) else { return nil }
            characters.append(text.uppercased(index))
            guard !(3...4).contains(characters.count) || text.isDigit(index) else { return nil }
            index += 1
        }
        guard !text.isWord(index), Checksum.remainder97(characters[4...] + characters[..<4]) == 1 else { return nil }
        return position..<index
    }

    private func isSeparator(_ index: Int) -> Bool { text.is(index, " ") || text.is(index, "-") }

    /// Nothing that is part of a word stands before, unless it is the word IBAN itself.
    private func startsHere(_ position: Int) -> Bool {
        guard text.isWord(position - 1) else { return true }
        return (position - 4..<position).map(text.uppercased) == Array("IBAN".utf8) && !text.isWord(position - 5)
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
