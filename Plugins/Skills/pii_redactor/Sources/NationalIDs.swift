/// The schemes, by country.
///
/// One whose digits say little about themselves asks for a word near it.
enum NationalIDs {
    typealias Scheme = NationalIDScanner.Scheme

    static let all = northAmerica + germanic + romance + british + northern + eastern + overseas

    private static let northAmerica = [
        // US social security number; the taxpayer number of those without one starts with 9.
        Scheme("ddd-dd-dddd", "ddd dd dddd", isValid: IDChecks.socialSecurity),
        Scheme("ddddddddd", needs: .socialSecurity, isValid: IDChecks.socialSecurity),
        Scheme("ddd~ddd~ddd", needs: .canadian) { Checksum.luhn(values($0)) },
        // Mexico's CURP.
        Scheme("llllddddddllllllad", isValid: IDChecks.curp),
    ]

    private static let germanic = [
        Scheme("dd~ddd~ddd~ddd", isValid: IDChecks.germanTax),
        Scheme("dd~dddddd~l~ddd", isValid: IDChecks.germanInsurance),
        Scheme("laaaaaaaad", needs: .identityCard, isValid: IDChecks.germanIdentityCard),
        Scheme("laaaaaaaa", needs: .identityCard) { $0.contains { $0 < 0x3A } },
        // Austria and Switzerland.
        Scheme("dddd~dddddd", needs: .austrian, isValid: IDChecks.austrian),
        Scheme("756.dddd.dddd.dd", "756 dddd dddd dd", "756dddddddddd", isValid: IDChecks.swiss),
        Scheme("dddddddd", "ddddddddd", "dddd~dd~ddd", "ddd~ddd~ddd", needs: .dutch, isValid: IDChecks.dutch),
        Scheme("dd.dd.dd-ddd.dd", isValid: IDChecks.belgian),
        Scheme("ddddddddddd", "dd~dd~dd~ddd~dd", needs: .belgian, isValid: IDChecks.belgian),
    ]

    private static let romance = [
        Scheme("d~dd~dd~da~ddd~ddd~dd", isValid: IDChecks.french),
        Scheme("ddddddddl", "dddddddd-l", "dd.ddd.ddd-l", "dd.ddd.dddl", isValid: IDChecks.spanish),
        Scheme("ldddddddl", "l-ddddddd-l", "lddddddd-l", isValid: IDChecks.spanishForeigner),
        Scheme("llllllaalaalaaal", isValid: IDChecks.italian),
        Scheme("lll lll aalaa laaal", isValid: IDChecks.italian),
        Scheme("ddddddddd", "ddd ddd ddd", needs: .portuguese, isValid: IDChecks.portuguese),
        Scheme("ddddddddddddd", needs: .romanian, isValid: IDChecks.romanian),
    ]

    private static let british = [
        Scheme("ll~dd~dd~dd~l", isValid: IDChecks.nationalInsurance),
        Scheme("ddd~ddd~dddd", needs: .healthService, isValid: IDChecks.healthService),
        Scheme("dddddddl", "dddddddll", isValid: IDChecks.irish),
        Scheme("ddd~ddd~ddd", needs: .australian) {
            Checksum.weighted(values($0), [1, 4, 3, 7, 5, 8, 6, 9, 10]).isMultiple(of: 11)
        },
    ]

    private static let northern = [
        Scheme("dddddd-dddd", "dddddd+dddd", "dddddddd-dddd", isValid: IDChecks.swedish),
        Scheme("dddddddddd", "dddddddddddd", needs: .swedish, isValid: IDChecks.swedish),
        Scheme("dddddd-ddda", "dddddd+ddda", "ddddddAddda", isValid: IDChecks.finnish),
        Scheme("dddddd~ddddd", needs: .norwegian, isValid: IDChecks.norwegian),
        Scheme("dddddd~dddd", needs: .danish) { IDChecks.isDay(values($0), day: 0, month: 2) },
    ]

    private static let eastern = [
        Scheme("ddddddddddd", needs: .polish, isValid: IDChecks.polish),
        Scheme("ddddddddddd", needs: .croatian) { Checksum.mod11And10(values($0)) },
        Scheme("dddddd/dddd", isValid: IDChecks.czech),
        Scheme("ddddddddddd", needs: .turkish, isValid: IDChecks.turkish),
    ]

    private static let overseas = [
        Scheme("ddd.ddd.ddd-dd", isValid: IDChecks.brazilian),
        Scheme("ddddddddddd", "ddd~ddd~ddd~dd", needs: .brazilian, isValid: IDChecks.brazilian),
        // Aadhaar; a date and a serial number pass its check as often as any.
        Scheme("dddddddddddd", "dddd dddd dddd", "dddd-dddd-dddd", needs: .indian, isValid: IDChecks.aadhaar),
        Scheme("lllllddddl", needs: .indian) { Array("ABCFGHLJPT".utf8).contains($0[3]) },
        Scheme("ddddddddddddddddda", isValid: IDChecks.chinese),
        Scheme("dddddd-ddddddd", isValid: IDChecks.korean),
        Scheme("ldddddddl", isValid: IDChecks.singaporean),
    ]

    /// Digits as numbers; letters, where a shape has any, count nothing here.
    static func values(_ characters: [UInt8]) -> [UInt8] {
        characters.compactMap { (0x30...0x39).contains($0) ? $0 - 0x30 : nil }
    }
}
