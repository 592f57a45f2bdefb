/// Reads the regular expressions that callers may give.
///
/// Supported: literals, `.`, classes with ranges and negation, `\d \D \w \W \s \S`, `^ $ \b \B`, groups, `|`,
/// `* + ? {m} {m,} {m,n}`, `\t \n \r \xHH \uHHHH`, and `(?i)` in front. All else is refused by name: what a pattern
/// means must never be a guess when it decides what stays hidden.
struct PatternParser {
    static let maxLength = 256
    static let maxDepth = 20
    static let maxCount = 256

    private let scalars: [UInt32]
    private var index = 0
    private var depth = 0
    private var ignoresCase = false

    static func parse(_ pattern: String) throws(PatternError) -> PatternNode {
        var parser = try PatternParser(pattern)
        let node = try parser.choice()
        guard parser.index == parser.scalars.count else { throw parser.malformed("unmatched )") }
        return node
    }

    private init(_ pattern: String) throws(PatternError) {
        guard pattern.utf8.count <= 4 * Self.maxLength, pattern.unicodeScalars.count <= Self.maxLength else {
            throw .tooLong(limit: Self.maxLength)
        }
        scalars = pattern.unicodeScalars.map { FoldedText.folded($0, $0.properties) }
        if scalars.starts(with: "(?i)".unicodeScalars.map(\.value)) {
            ignoresCase = true
            index = 4
        }
    }

    // MARK: Structure

    private mutating func choice() throws(PatternError) -> PatternNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maxDepth else { throw .nestedTooDeep(limit: Self.maxDepth) }
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(PatternError) -> PatternNode {
        var nodes: [PatternNode] = []
        while let next = peek, next != "|", next != ")" {
            let atom = try atom()
            nodes.append(try repeated(atom))
        }
        return nodes.isEmpty ? .empty : nodes.count == 1 ? nodes[0] : .sequence(nodes)
    }

    private mutating func repeated(_ node: PatternNode) throws(PatternError) -> PatternNode {
        let start = index
        guard let bounds = try bounds() else { return node }
        if case .assertion = node { throw .unsupported(construct: "a repeated assertion", position: start) }
        if peek == "?" { throw unsupported("a lazy quantifier") }
        if peek == "+" { throw unsupported("a possessive quantifier") }
        if peek == "*" || peek == "{" { throw malformed("two quantifiers in a row") }
        return .repetition(node, least: bounds.least, most: bounds.most)
    }

    private mutating func bounds() throws(PatternError) -> (least: Int, most: Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        guard take("{") else { return nil }
        guard let least = try count() else { throw malformed("a number after { (write \\{ for the brace itself)") }
        var most: Int? = least
        if take(",") { most = try count() }
        guard take("}") else { throw malformed("a } to end the repetition") }
        guard most ?? least >= least else { throw malformed("the smaller number first") }
        return (least, most)
    }

    private mutating func count() throws(PatternError) -> Int? {
        var value: Int?
        while let scalar = peek, (0x30...0x39).contains(scalar.value) {
            value = (value ?? 0) * 10 + Int(scalar.value - 0x30)
            index += 1
            guard value ?? 0 <= Self.maxCount else { throw unsupported("a repetition of more than \(Self.maxCount)") }
        }
        return value
    }

    // MARK: Atoms

    private mutating func atom() throws(PatternError) -> PatternNode {
        guard let scalar = next() else { return .empty }
        switch scalar {
        case ".": return .scalars(.anyButNewline)
        case "^": return .assertion(.lineStart)
        case "$": return .assertion(.lineEnd)
        case "(": return try group()
        case "[": return .scalars(try characterClass())
        case "\\": return try escape()
        case "*", "+", "?", "{":
            index -= 1
            throw malformed("something to repeat before \(scalar)")
        default: return .scalars(literal(scalar.value))
        }
    }

    private mutating func group() throws(PatternError) -> PatternNode {
        if take("?"), !take(":") {
            switch peek {
            case "=", "!": throw unsupported("a lookahead")
            case "<": throw unsupported("a lookbehind or named group")
            case "P", "'": throw unsupported("a named group")
            case ">": throw unsupported("an atomic group")
            case "#": throw unsupported("a comment")
            case "R", "0", "&": throw unsupported("recursion")
            default: throw unsupported("an inline option (only (?i) in front of the whole pattern is known)")
            }
        }
        let node = try choice()
        guard take(")") else { throw malformed("a ) to end the group") }
        return node
    }

    private mutating func escape() throws(PatternError) -> PatternNode {
        if take("b") { return .assertion(.wordBoundary) }
        if take("B") { return .assertion(.noWordBoundary) }
        let set = try escapedSet()
        return .scalars(ignoresCase ? set.ignoringCase() : set)
    }

    private mutating func escapedSet() throws(PatternError) -> ScalarSet {
        guard let scalar = next() else { throw malformed("a character after \\") }
        switch scalar {
        case "d": return .digits
        case "D": return ScalarSet(ranges: ScalarSet.digits.inverted)
        case "w": return .word
        case "W": return ScalarSet(ranges: ScalarSet.word.inverted)
        case "s": return .space
        case "S": return ScalarSet(ranges: ScalarSet.space.inverted)
        case "t": return ScalarSet(ranges: [0x09...0x09])
        case "n": return ScalarSet(ranges: [0x0A...0x0A])
        case "r": return ScalarSet(ranges: [0x0D...0x0D])
        case "x": return try hexadecimal(digits: 2)
        case "u": return try hexadecimal(digits: 4)
        case "1"..."9":
            index -= 1
            throw unsupported("a back-reference")
        case "p", "P":
            index -= 1
            throw unsupported("a Unicode property")
        case "A"..."Z", "a"..."z", "0":
            index -= 1
            throw unsupported("the escape \\\(scalar)")
        default: return ScalarSet(ranges: [scalar.value...scalar.value])
        }
    }

    private mutating func hexadecimal(digits: Int) throws(PatternError) -> ScalarSet {
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let scalar = next(), let digit = Character(scalar).hexDigitValue else {
                throw malformed("\(digits) hexadecimal digits")
            }
            value = value * 16 + UInt32(digit)
        }
        return ScalarSet(ranges: [value...value])
    }

    private mutating func characterClass() throws(PatternError) -> ScalarSet {
        var set = ScalarSet(ranges: [], isNegated: take("^"))
        var isFirst = true
        while isFirst || peek != "]" {
            guard peek != nil else { throw malformed("a ] to end the class") }
            if peek == "[", index + 1 < scalars.count, scalars[index + 1] == 0x3A { throw unsupported("a POSIX class") }
            isFirst = false
            let low = try classMember()
            guard low.ranges.count == 1, low.ranges[0].count == 1, peek == "-", index + 1 < scalars.count,
                scalars[index + 1] != 0x5D
            else {
                set.ranges += low.ranges
                continue
            }
            index += 1
            let high = try classMember()
            guard high.ranges.count == 1, high.ranges[0].count == 1,
                low.ranges[0].lowerBound <= high.ranges[0].lowerBound
            else { throw malformed("a range from a smaller to a greater character") }
            set.ranges.append(low.ranges[0].lowerBound...high.ranges[0].lowerBound)
        }
        index += 1
        return ignoresCase ? set.ignoringCase() : set
    }

    private mutating func classMember() throws(PatternError) -> ScalarSet {
        guard let scalar = next() else { throw malformed("a ] to end the class") }
        guard scalar == "\\" else { return ScalarSet(ranges: [scalar.value...scalar.value]) }
        if peek == "b" || peek == "B" { throw unsupported("\\b within a class") }
        return try escapedSet()
    }

    private func literal(_ value: UInt32) -> ScalarSet {
        let set = ScalarSet(ranges: [value...value])
        return ignoresCase ? set.ignoringCase() : set
    }

    // MARK: Reading

    private var peek: Unicode.Scalar? { index < scalars.count ? Unicode.Scalar(scalars[index]) : nil }

    private mutating func next() -> Unicode.Scalar? {
        guard let scalar = peek else { return nil }
        index += 1
        return scalar
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek == scalar else { return false }
        index += 1
        return true
    }

    private func malformed(_ expected: String) -> PatternError {
        .malformed(problem: "expected \(expected)", position: index + 1)
    }

    private func unsupported(_ construct: String) -> PatternError {
        .unsupported(construct: construct, position: index + 1)
    }
}
