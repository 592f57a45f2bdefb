/// One token of the text with everything the rules ask about it, looked up once.
struct Word {
    /// The token in lower case, or empty when it holds a letter outside ASCII: then no table can contain it.
    let lowered: String
    let isUppercase: Bool
    let valence: Double?
    let boost: Double?
    let negates: Bool

    init(_ token: ArraySlice<Unicode.Scalar>, lexicon: Lexicon) {
        let bytes = token.map(Self.loweredASCII)
        lowered = bytes.contains(Self.foreign) ? "" : String(decoding: bytes, as: UTF8.self)
        isUppercase = Self.isUppercase(token)
        valence = lexicon.valence[lowered]
        boost = Modifiers.boost(of: lowered)
        negates = Modifiers.negations.contains(lowered) || Self.containsContraction(bytes)
    }

    private static let foreign: UInt8 = 0xFF

    /// The Kelvin sign is the only character outside ASCII whose lower case is one ASCII letter.
    private static func loweredASCII(_ scalar: Unicode.Scalar) -> UInt8 {
        switch scalar.value {
        case 0x41...0x5A: UInt8(truncatingIfNeeded: scalar.value + 0x20)
        case 0...0x7F: UInt8(truncatingIfNeeded: scalar.value)
        case 0x212A: UInt8(ascii: "k")
        default: foreign
        }
    }

    /// Whether "n't" stands anywhere in the token.
    private static func containsContraction(_ bytes: [UInt8]) -> Bool {
        guard let last = bytes.indices.last, last >= 2 else { return false }
        return (2...last).contains { bytes[($0 - 2)...$0].elementsEqual("n't".utf8) }
    }

    /// All letters that have case are capitals, and there is one at least.
    private static func isUppercase(_ token: ArraySlice<Unicode.Scalar>) -> Bool {
        var sawCapital = false
        for scalar in token {
            if scalar.isASCII {
                if (0x61...0x7A).contains(scalar.value) { return false }
                if (0x41...0x5A).contains(scalar.value) { sawCapital = true }
                continue
            }
            let properties = scalar.properties
            if properties.isLowercase || properties.generalCategory == .titlecaseLetter { return false }
            if properties.isUppercase { sawCapital = true }
        }
        return sawCapital
    }
}
