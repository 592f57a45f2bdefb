/// A pattern as a tree.
indirect enum PatternTree {
    case empty
    case leaf(LinearPattern.Instruction)
    case sequence([PatternTree])
    case choice([PatternTree])
    case repeated(PatternTree, min: Int, max: Int?)

    /// Whether a match can only begin where the text does.
    var beginsAnchored: Bool {
        switch self {
        case .leaf(.start): true
        case .sequence(let parts): parts.first?.beginsAnchored ?? false
        case .choice(let branches): branches.allSatisfy(\.beginsAnchored)
        case .repeated(let part, let min, _): min > 0 && part.beginsAnchored
        case .empty, .leaf: false
        }
    }
}

/// Reads the subset of ECMA-262 expressions that has a linear matcher.
struct PatternParser {
    static let maxDepth = 32
    static let maxRepeat = 1000
    static let maxRanges = 64

    private let source: String
    private let scalars: [Unicode.Scalar]
    private var position = 0

    init(_ source: String) {
        self.source = source
        scalars = Array(source.unicodeScalars)
    }

    mutating func parse() throws(LinearPatternError) -> PatternTree {
        let tree = try parseChoice(depth: 0)
        guard position == scalars.count else { throw failure("a ) has no ( before it") }
        return tree
    }

    private mutating func parseChoice(depth: Int) throws(LinearPatternError) -> PatternTree {
        guard depth <= Self.maxDepth else { throw failure("groups are nested deeper than \(Self.maxDepth)") }
        var branches = [try parseSequence(depth: depth)]
        while take("|") { branches.append(try parseSequence(depth: depth)) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func parseSequence(depth: Int) throws(LinearPatternError) -> PatternTree {
        var parts: [PatternTree] = []
        while let scalar = peek, scalar != "|", scalar != ")" {
            let atom = try parseAtom(depth: depth)
            parts.append(try parseQuantifier(of: atom))
        }
        return parts.isEmpty ? .empty : .sequence(parts)
    }

    private mutating func parseAtom(depth: Int) throws(LinearPatternError) -> PatternTree {
        guard let scalar = next() else { return .empty }
        switch scalar {
        case "(":
            if take("?"), !take(":") { throw failure("only (?: is supported after (, no look-around and no names") }
            let group = try parseChoice(depth: depth + 1)
            guard take(")") else { throw failure("a ( is not closed") }
            return group
        case "[": return .leaf(.set(try parseClass()))
        case ".": return .leaf(.any)
        case "^": return .leaf(.start)
        case "$": return .leaf(.end)
        case "\\": return .leaf(try parseEscape())
        case "*", "+", "?": throw failure("\(scalar) has nothing to repeat")
        case "{", "}", "]": throw failure("\(scalar) must be written as \\\(scalar)")
        default: return .leaf(.scalar(scalar.value))
        }
    }

    private mutating func parseQuantifier(of atom: PatternTree) throws(LinearPatternError) -> PatternTree {
        guard let scalar = peek, "*+?{".unicodeScalars.contains(scalar) else { return atom }
        position += 1
        var (min, max): (Int, Int?)
        switch scalar {
        case "*": (min, max) = (0, nil)
        case "+": (min, max) = (1, nil)
        case "?": (min, max) = (0, 1)
        default: (min, max) = try parseBounds()
        }
        // Whether to take much or little first makes no difference to whether there is a match.
        _ = take("?")
        if let scalar = peek, "*+?{".unicodeScalars.contains(scalar) {
            throw failure("\(scalar) follows another quantifier")
        }
        return .repeated(atom, min: min, max: max)
    }

    private mutating func parseBounds() throws(LinearPatternError) -> (Int, Int?) {
        let min = try parseNumber()
        var max: Int? = min
        if take(",") { max = peek == "}" ? nil : try parseNumber() }
        guard take("}") else { throw failure("expected {m}, {m,} or {m,n}") }
        if let max, max < min { throw failure("{\(min),\(max)} ends before it begins") }
        return (min, max)
    }

    private mutating func parseNumber() throws(LinearPatternError) -> Int {
        var value: Int?
        while let digit = peek.flatMap({ $0.isASCII ? Character($0).wholeNumberValue : nil }) {
            value = (value ?? 0) * 10 + digit
            position += 1
            if let value, value > Self.maxRepeat { throw failure("more than \(Self.maxRepeat) repetitions") }
        }
        guard let value else { throw failure("expected {m}, {m,} or {m,n}") }
        return value
    }
}

extension PatternParser {
    private mutating func parseEscape() throws(LinearPatternError) -> LinearPattern.Instruction {
        switch peek {
        case "b":
            position += 1
            return .wordBoundary
        case "B":
            position += 1
            return .notWordBoundary
        default:
            let set = try parseEscapedSet()
            if set.ranges.count == 1, set.ranges[0].count == 1 { return .scalar(set.ranges[0].lowerBound) }
            return .set(set)
        }
    }

    /// What a backslash and the letter after it stand for, inside a class or not.
    private mutating func parseEscapedSet() throws(LinearPatternError) -> ScalarSet {
        guard let letter = next() else { throw failure("it ends in a backslash") }
        switch letter {
        case "d": return .digits
        case "D": return ScalarSet(ranges: ScalarSet.digits.complement)
        case "w": return .words
        case "W": return ScalarSet(ranges: ScalarSet.words.complement)
        case "s": return .spaces
        case "S": return ScalarSet(ranges: ScalarSet.spaces.complement)
        case "t": return single(0x09)
        case "n": return single(0x0A)
        case "v": return single(0x0B)
        case "f": return single(0x0C)
        case "r": return single(0x0D)
        case "x": return single(try parseHexadecimal(digits: 2))
        case "u":
            guard take("{") else { return single(try parseHexadecimal(digits: 4)) }
            let value = try parseHexadecimal(digits: 1...6)
            guard take("}") else { throw failure("expected \\u{H…}") }
            return single(value)
        default:
            guard letter.isASCII, !Character(letter).isLetter, !Character(letter).isNumber else {
                throw failure("\\\(letter) is not supported")
            }
            return single(letter.value)
        }
    }

    private func single(_ value: UInt32) -> ScalarSet { ScalarSet(ranges: [value...value]) }

    private mutating func parseHexadecimal(digits count: Int) throws(LinearPatternError) -> UInt32 {
        try parseHexadecimal(digits: count...count)
    }

    private mutating func parseHexadecimal(digits count: ClosedRange<Int>) throws(LinearPatternError) -> UInt32 {
        var value: UInt32 = 0
        var found = 0
        while found < count.upperBound, let digit = peek.flatMap({ $0.isASCII ? Character($0).hexDigitValue : nil }) {
            value = value << 4 | UInt32(digit)
            found += 1
            position += 1
        }
        guard count.contains(found), value <= 0x10FFFF else { throw failure("a \\x or \\u names no character") }
        return value
    }

    private mutating func parseClass() throws(LinearPatternError) -> ScalarSet {
        var set = ScalarSet(isNegated: take("^"))
        while let scalar = next() {
            if scalar == "]" { return set }
            guard set.ranges.count < Self.maxRanges else { throw failure("more than \(Self.maxRanges) ranges in [ ]") }
            let low = try parseClassItem(scalar)
            guard peek == "-", position + 1 < scalars.count, scalars[position + 1] != "]" else {
                set.ranges += low.ranges
                continue
            }
            position += 1
            guard let end = next() else { break }
            let high = try parseClassItem(end)
            guard low.ranges.count == 1, high.ranges.count == 1, low.ranges[0].count == 1, high.ranges[0].count == 1,
                low.ranges[0].lowerBound <= high.ranges[0].lowerBound
            else { throw failure("a range in [ ] needs one character on each side, the lesser first") }
            set.ranges.append(low.ranges[0].lowerBound...high.ranges[0].lowerBound)
        }
        throw failure("a [ is not closed")
    }

    private mutating func parseClassItem(_ scalar: Unicode.Scalar) throws(LinearPatternError) -> ScalarSet {
        guard scalar == "\\" else { return single(scalar.value) }
        if take("b") { return single(0x08) }
        return try parseEscapedSet()
    }

    private var peek: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private mutating func next() -> Unicode.Scalar? {
        guard position < scalars.count else { return nil }
        position += 1
        return scalars[position - 1]
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == scalar else { return false }
        position += 1
        return true
    }

    private func failure(_ reason: String) -> LinearPatternError { LinearPatternError(source, reason) }
}
