/// The tree of a pattern.
indirect enum PatternNode: Equatable {
    case empty
    case scalars(ScalarSet)
    case assertion(Assertion)
    case sequence([PatternNode])
    case choice([PatternNode])
    /// `most` is nil when there is no upper bound.
    case repetition(PatternNode, least: Int, most: Int?)
}

/// A place, not a character.
enum Assertion: Equatable {
    case lineStart, lineEnd, wordBoundary, noWordBoundary
}

/// A set of characters, as ranges of code points.
struct ScalarSet: Equatable {
    var ranges: [ClosedRange<UInt32>] = []
    var isNegated = false

    func contains(_ scalar: UInt32) -> Bool { ranges.contains { $0.contains(scalar) } != isNegated }

    static let maxScalar: UInt32 = 0x10FFFF
    static let digits = ScalarSet(ranges: [0x30...0x39])
    static let space = ScalarSet(ranges: [0x09...0x0D, 0x20...0x20, 0x85...0x85, 0x2028...0x2029])
    static let anyButNewline = ScalarSet(ranges: [0x0A...0x0A], isNegated: true)
    /// ASCII letters, digits and underscore, and every letter-like character outside ASCII.
    static let word = ScalarSet(ranges: [
        0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A, 0xAA...0xAA, 0xB5...0xB5, 0xBA...0xBA, 0xC0...0xD6,
        0xD8...0xF6,
        0xF8...0x1FFF, 0x2C00...0x2DFF, 0x3040...0xD7FF, 0xF900...0xFDFF, 0xFE70...0xFEFC, 0x10000...0x1EFFF,
        0x20000...0x3FFFF,
    ])

    /// The complement as plain ranges, for a class within a class.
    var inverted: [ClosedRange<UInt32>] {
        var result: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > next { result.append(next...(range.lowerBound - 1)) }
            next = max(next, range.upperBound + 1)
        }
        if next <= Self.maxScalar { result.append(next...Self.maxScalar) }
        return result
    }

    /// With the other case of each ASCII letter.
    func ignoringCase() -> ScalarSet {
        var set = self
        for range in ranges {
            for (letters, shift) in [(UInt32(0x41)...0x5A, Int64(32)), (0x61...0x7A, -32)] where range.overlaps(letters)
            {
                let common = range.clamped(to: letters)
                set.ranges.append(
                    UInt32(Int64(common.lowerBound) + shift)...UInt32(Int64(common.upperBound) + shift)
                )
            }
        }
        return set
    }
}
