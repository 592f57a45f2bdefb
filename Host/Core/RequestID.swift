/// Makes the ids of requests: UUIDs of version 7 (RFC 9562) in lower-case text.
///
/// They begin with the time, so that the unique index of the audit log grows at its end; random ones would make each
/// event write a page of its own.
package enum RequestID {
    package static func make(clock: WallClock = .system) -> String {
        var random = SystemRandomNumberGenerator()
        return text(milliseconds: UInt64(clamping: clock.now() / 1000), random.next(), random.next())
    }

    /// Lays out 48 bits of time, 12 bits of `high` and 62 bits of `low`, with version and variant between them.
    private static func text(milliseconds: UInt64, _ high: UInt64, _ low: UInt64) -> String {
        let first = milliseconds << 16 | 0x7000 | high & 0x0FFF
        let second = 0x8000_0000_0000_0000 | low & 0x3FFF_FFFF_FFFF_FFFF
        return String(unsafeUninitializedCapacity: 36) { text in
            var nibble = 0
            for place in 0..<36 {
                if place == 8 || place == 13 || place == 18 || place == 23 {
                    text[place] = UInt8(ascii: "-")
                    continue
                }
                let word = nibble < 16 ? first : second
                text[place] = digits[Int(word >> UInt64(60 - 4 * (nibble % 16)) & 0xF)]
                nibble += 1
            }
            return 36
        }
    }

    private static let digits = Array("0123456789abcdef".utf8)
}
