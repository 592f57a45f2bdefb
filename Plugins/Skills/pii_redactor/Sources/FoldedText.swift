/// The text as detectors read it: one plain spelling for what looks alike, with the way back to the original.
///
/// Digits of all scripts become ASCII digits, full-width forms, dashes and spaces their ASCII forms. Characters that
/// show nothing (zero-width space and joiners, soft hyphen, direction marks, variation selectors) are left out, and so
/// are marks on digits; a number cannot be hidden by strewing them in.
struct FoldedText {
    private(set) var scalars: [UInt32] = []
    private(set) var classes: [ScalarClass] = []
    /// Where each folded scalar, with the invisible ones that belong to its grapheme, stands in the original.
    private(set) var origins: [Origin] = []

    struct Origin {
        var start: Int32
        var end: Int32
        var startByte: Int32
        var endByte: Int32
    }

    var count: Int { scalars.count }

    /// - Parameter text: Shorter than 2 GiB, so that offsets fit in 32 bits.
    init(_ text: String) {
        let length = text.utf8.count
        scalars.reserveCapacity(length)
        classes.reserveCapacity(length)
        origins.reserveCapacity(length)
        var position: Int32 = 0
        var byte: Int32 = 0
        for scalar in text.unicodeScalars {
            let width = Int32(truncatingIfNeeded: UTF8.width(scalar))
            append(scalar, Origin(start: position, end: position + 1, startByte: byte, endByte: byte + width))
            position += 1
            byte += width
        }
    }

    private mutating func append(_ scalar: Unicode.Scalar, _ origin: Origin) {
        if scalar.isASCII {
            append(scalar.value, ScalarClass.ofASCII(scalar.value), origin)
            return
        }
        let properties = scalar.properties
        if properties.isDefaultIgnorableCodePoint || isMarkOnDigit(properties) {
            attach(origin, if: properties.isGraphemeExtend || scalar.value == 0x200D)
            return
        }
        let folded = Self.folded(scalar, properties)
        append(folded, folded < 0x80 ? .ofASCII(folded) : .of(folded, properties.generalCategory), origin)
    }

    private mutating func append(_ scalar: UInt32, _ scalarClass: ScalarClass, _ origin: Origin) {
        scalars.append(scalar)
        classes.append(scalarClass)
        origins.append(origin)
    }

    private func isMarkOnDigit(_ properties: Unicode.Scalar.Properties) -> Bool {
        guard classes.last == .digit else { return false }
        return properties.generalCategory == .nonspacingMark || properties.generalCategory == .enclosingMark
    }

    /// Lets the grapheme before it take in an invisible scalar, unless another one that it does not take in lies between.
    private mutating func attach(_ origin: Origin, if belongs: Bool) {
        guard belongs, let last = origins.indices.last, origins[last].end == origin.start else { return }
        origins[last].end = origin.end
        origins[last].endByte = origin.endByte
    }

    static func folded(_ scalar: Unicode.Scalar, _ properties: Unicode.Scalar.Properties) -> UInt32 {
        switch scalar.value {
        case 0xFF01...0xFF5E: return scalar.value - 0xFEE0
        case 0x2010...0x2015, 0x2043, 0x2212, 0xFE58, 0xFE63: return 0x2D
        case 0x2024, 0xFE52: return 0x2E
        case 0xFE6B: return 0x40
        case 0xFE55: return 0x3A
        case 0xFE62: return 0x2B
        default: break
        }
        switch properties.generalCategory {
        case .spaceSeparator: return 0x20
        case .decimalNumber:
            guard let value = properties.numericValue, (0...9).contains(value) else { return scalar.value }
            return 0x30 + UInt32(value)
        default: return scalar.value
        }
    }

    /// Puts brackets where a match was, as its label will have them, so that a further look sees what a reader sees.
    mutating func blank(_ range: Range<Int>) {
        for index in range {
            scalars[index] = index == range.lowerBound && range.count > 1 ? 0x5B : 0x5D
            classes[index] = .other
        }
    }
}

/// Reading with any index: outside the text there is nothing, which belongs to no class.
extension FoldedText {
    func scalar(_ index: Int) -> UInt32 { scalars.indices.contains(index) ? scalars[index] : 0 }
    func scalarClass(_ index: Int) -> ScalarClass { classes.indices.contains(index) ? classes[index] : .other }
    func isDigit(_ index: Int) -> Bool { scalarClass(index) == .digit }
    func isLetter(_ index: Int) -> Bool { scalarClass(index) == .letter }

    /// An ASCII letter, digit or underscore: what a number must not touch to be one by itself.
    func isWord(_ index: Int) -> Bool { isDigit(index) || isLetter(index) || scalar(index) == 0x5F }

    func `is`(_ index: Int, _ character: Unicode.Scalar) -> Bool { scalar(index) == character.value }

    /// The folded scalar as an ASCII byte in upper case; 0 when it is none.
    func uppercased(_ index: Int) -> UInt8 {
        let value = scalar(index)
        if (0x61...0x7A).contains(value) { return UInt8(truncatingIfNeeded: value - 0x20) }
        return value < 0x80 ? UInt8(truncatingIfNeeded: value) : 0
    }
}
