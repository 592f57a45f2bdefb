/// Identity, tax and insurance numbers of many countries.
struct NationalIDScanner {
    let text: FoldedText
    let context: ContextMap

    /// A number of one country: its shapes, what its digits must fulfil, and which words must stand near.
    struct Scheme: Sendable {
        let shapes: [IDTemplate]
        /// Empty when shape and check digits are telling enough by themselves.
        let needs: Context
        let isValid: @Sendable ([UInt8]) -> Bool

        init(_ shapes: StaticString..., needs: Context = [], isValid: @escaping @Sendable ([UInt8]) -> Bool) {
            self.shapes = shapes.map(IDTemplate.init)
            self.needs = needs
            self.isValid = isValid
        }
    }

    func match(at position: Int) -> Range<Int>? {
        guard IDTemplate.startsHere(text, position) else { return nil }
        let schemes = text.isLetter(position) ? Self.lettered : Self.numbered
        let context = context[position]
        var end = position
        for scheme in schemes where scheme.needs.isEmpty || !scheme.needs.isDisjoint(with: context) {
            for shape in scheme.shapes {
                guard let found = shape.match(text, at: position), found.end > end else { continue }
                if scheme.isValid(found.characters) { end = found.end }
            }
        }
        return end > position ? position..<end : nil
    }

    private static let lettered = NationalIDs.all.filter { $0.shapes.contains(where: \.startsWithLetter) }
    private static let numbered = NationalIDs.all.filter { $0.shapes.contains { !$0.startsWithLetter } }
}
