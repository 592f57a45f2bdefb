/// A model's name in which each `*` stands for any text: `gpt-4o*`.
package struct ModelPattern: Sendable, Hashable, CustomStringConvertible {
    package let description: String
    private let parts: [[UInt8]]

    package init(_ text: String) {
        description = text
        parts = Array(text.utf8).split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).map(Array.init)
    }

    /// Whether it names one model alone.
    package var isExact: Bool { parts.count == 1 }

    /// Linear in the length of `model` for each part: the first place that fits is as good as any other.
    package func matches(_ model: String) -> Bool {
        let text = Array(model.utf8)
        guard let first = parts.first, let last = parts.last, parts.count > 1 else { return model == description }
        guard text.count >= first.count + last.count, text.starts(with: first),
            text[(text.count - last.count)...].elementsEqual(last)
        else { return false }
        var rest = text[first.count..<(text.count - last.count)]
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }
}
