/// The word valences and emoji descriptions of VADER 3.3.2.
///
/// Keys are ASCII text alone: only ASCII words have a valence, and a comparison of ASCII strings is one of bytes,
/// where Swift would otherwise hold canonically equivalent spellings to be equal.
struct Lexicon: Sendable {
    let valence: [String: Double]
    let emoji: [Unicode.Scalar: String]

    init() {
        valence = Self.parseValences(Self.valences)
        emoji = Self.parseEmoji(Self.emojiDescriptions)
    }

    private static func parseValences(_ data: StaticString) -> [String: Double] {
        var table: [String: Double] = [:]
        table.reserveCapacity(7_500)
        for line in lines(of: data) {
            let fields = line.split(separator: UInt8(ascii: " "))
            guard let first = fields.first, let value = Double(String(decoding: first, as: UTF8.self)) else { continue }
            for word in fields.dropFirst() { table[String(decoding: word, as: UTF8.self)] = value }
        }
        return table
    }

    private static func parseEmoji(_ data: StaticString) -> [Unicode.Scalar: String] {
        var table: [Unicode.Scalar: String] = [:]
        table.reserveCapacity(1_250)
        for line in lines(of: data) {
            let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 1)
            guard fields.count == 2,
                let code = UInt32(String(decoding: fields[0], as: UTF8.self), radix: 16),
                let scalar = Unicode.Scalar(code)
            else { continue }
            table[scalar] = String(decoding: fields[1], as: UTF8.self)
        }
        return table
    }

    private static func lines(of data: StaticString) -> [UnsafeBufferPointer<UInt8>.SubSequence] {
        let bytes = UnsafeBufferPointer(start: data.utf8Start, count: data.utf8CodeUnitCount)
        return bytes.split(separator: UInt8(ascii: "\n"))
    }
}
