/// The country codes in use, and how long the numbers behind them are.
enum PhonePlan {
    /// The codes of one or two digits; all others have three.
    private static let shortCodes: Set<Int> = [
        1, 7, 20, 27, 30, 31, 32, 33, 34, 36, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56, 57, 58,
        60,
        61, 62, 63, 64, 65, 66, 81, 82, 84, 86, 90, 91, 92, 93, 94, 95, 98,
    ]
    /// The tens of the codes of three digits.
    private static let longCodes: Set<Int> = [
        21, 22, 23, 24, 25, 26, 29, 35, 37, 38, 42, 50, 59, 67, 68, 69, 80, 85, 87, 88, 96, 97, 99,
    ]

    /// Whether all the digits behind a plus sign are a number someone can have.
    static func isInternational(_ digits: ArraySlice<UInt8>) -> Bool {
        let digits = Array(digits)
        guard digits.count >= 7, digits[0] != 0 else { return false }
        let tens = Int(digits[0]) * 10 + Int(digits[1])
        switch digits[0] {
        case 1: return digits.count == 11 && digits[1] >= 2
        case 7: return digits.count == 11
        default: break
        }
        if shortCodes.contains(tens) {
            // A trunk zero in parentheses behind the code is written, not dialled.
            return (8...15).contains(digits.count - (digits[2] == 0 ? 1 : 0))
        }
        return longCodes.contains(tens) && (7...15).contains(digits.count)
    }
}
