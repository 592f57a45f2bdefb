/// How a match is hidden.
enum RedactionMode: String, CaseIterable, Sendable {
    /// By the name of its kind in brackets.
    case label
    /// By one asterisk for each character a reader sees.
    case mask
}

/// A text with its matches hidden, and where they were.
struct Redaction {
    struct Entity {
        let match: Candidate
        let origin: FoldedText.Origin
    }

    let text: String
    let entities: [Entity]

    init(_ original: String, folded: FoldedText, matches: [Candidate], mode: RedactionMode) {
        entities = matches.map { Entity(match: $0, origin: Self.origin(of: $0.range, in: folded)) }
        let bytes = Array(original.utf8)
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var position = 0
        for entity in entities {
            let start = Int(entity.origin.startByte)
            let end = Int(entity.origin.endByte)
            output += bytes[position..<start]
            switch mode {
            case .label: output += Self.label(of: entity.match).utf8
            case .mask:
                let hidden = String(decoding: bytes[start..<end], as: UTF8.self)
                output += Array(repeating: UInt8(ascii: "*"), count: hidden.count)
            }
            position = end
        }
        output += bytes[position...]
        text = String(decoding: output, as: UTF8.self)
    }

    private static func label(of match: Candidate) -> String {
        match.kind == .custom ? "[CUSTOM:\(match.name)]" : match.kind.label
    }

    private static func origin(of range: Range<Int>, in text: FoldedText) -> FoldedText.Origin {
        let first = text.origins[range.lowerBound]
        let last = text.origins[range.upperBound - 1]
        return FoldedText.Origin(start: first.start, end: last.end, startByte: first.startByte, endByte: last.endByte)
    }
}
