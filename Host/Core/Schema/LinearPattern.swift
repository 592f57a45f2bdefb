/// A regular expression matched in time linear in the text.
///
/// Swift's `Regex` backtracks: `(a+)+$` takes exponential time, and here both the pattern (a manifest) and the text (a
/// request) come from strangers. This is Thompson's construction run over all states at once. It knows literals,
/// `.`, classes, `\d \w \s \b`, anchors, groups, `|` and the quantifiers; look-around and back-references, which have
/// no linear matcher, are refused when the pattern is read. As in JSON Schema, a match anywhere in the text counts.
struct LinearPattern: Sendable {
    static let maxLength = 1024
    static let maxInstructions = 4096
    /// Steps for one text: past it the text counts as not matching.
    static let maxSteps = 50_000_000

    enum Instruction: Sendable {
        case any
        case scalar(UInt32)
        case set(ScalarSet)
        case split(Int, Int)
        case jump(Int)
        case start, end
        case wordBoundary, notWordBoundary
        case match
    }

    let source: String
    private let program: [Instruction]
    /// A pattern that begins with `^` in every branch need not be tried at each place.
    private let isAnchored: Bool

    init(_ source: String) throws(LinearPatternError) {
        guard source.unicodeScalars.count <= Self.maxLength else {
            throw LinearPatternError(source, "it is longer than \(Self.maxLength) characters")
        }
        var parser = PatternParser(source)
        let tree = try parser.parse()
        var compiler = PatternCompiler(source: source)
        try compiler.emit(tree)
        self.source = source
        program = compiler.finish()
        isAnchored = tree.beginsAnchored
    }

    func matches(_ text: String) -> Bool {
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: program.count * 4) { memory in
            var machine = PatternMachine(program: program, memory: memory)
            return machine.run(text.unicodeScalars, isAnchored: isAnchored)
        }
    }
}

/// Why a pattern was refused.
struct LinearPatternError: Error, Sendable, CustomStringConvertible {
    let description: String

    init(_ pattern: String, _ reason: String) {
        description = "pattern \(pattern.quotedForMessage()): \(reason)"
    }
}

/// A class of characters: ranges, and whether it is what they leave out.
struct ScalarSet: Sendable {
    var ranges: [ClosedRange<UInt32>] = []
    var isNegated = false

    func contains(_ value: UInt32) -> Bool { ranges.contains { $0.contains(value) } != isNegated }

    static let digits = ScalarSet(ranges: [0x30...0x39])
    static let words = ScalarSet(ranges: [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
    static let spaces = ScalarSet(ranges: [
        0x09...0x0D, 0x20...0x20, 0xA0...0xA0, 0x1680...0x1680, 0x2000...0x200A, 0x2028...0x2029, 0x202F...0x202F,
        0x205F...0x205F, 0x3000...0x3000, 0xFEFF...0xFEFF,
    ])

    /// The ranges that these leave out.
    var complement: [ClosedRange<UInt32>] {
        var result: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if range.lowerBound > next { result.append(next...range.lowerBound - 1) }
            next = max(next, range.upperBound + 1)
        }
        if next <= 0x10FFFF { result.append(next...0x10FFFF) }
        return result
    }
}
