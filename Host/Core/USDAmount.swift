/// Amounts of money as integers: micro-USD, millionths of a dollar.
package enum USDAmount {
    package static let microsPerDollar: Int64 = 1_000_000
    /// A billion dollars: above it, someone mistyped.
    package static let maxMicros: Int64 = 1_000_000_000 * microsPerDollar

    /// The micro-USD of a decimal number of dollars such as `12.50`.
    ///
    /// Nil for everything else: a sign, an exponent, more than six digits after the point, more than ``maxMicros``.
    package static func parse(_ text: some StringProtocol) -> Int64? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, (1...10).contains(whole.utf8.count), whole.utf8.allSatisfy(isDigit) else {
            return nil
        }
        var fraction = parts.count == 2 ? String(parts[1]) : "0"
        guard (1...6).contains(fraction.utf8.count), fraction.utf8.allSatisfy(isDigit) else { return nil }
        fraction += String(repeating: "0", count: 6 - fraction.utf8.count)
        guard let dollars = Int64(whole), let micros = Int64(fraction) else { return nil }
        let amount = dollars * microsPerDollar + micros
        return amount <= maxMicros ? amount : nil
    }

    /// Dollars with at least two and at most six digits after the point.
    package static func text(_ micros: Int64) -> String {
        let magnitude = micros.magnitude
        var fraction = String(magnitude % 1_000_000 + 1_000_000).dropFirst()
        while fraction.utf8.count > 2, fraction.last == "0" { fraction.removeLast() }
        return "\(micros < 0 ? "-" : "")\(magnitude / 1_000_000).\(fraction)"
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
