/// One value of a YAML text, with where it stands.
///
/// What type a scalar has is for the reader of the field to say.
package struct YAMLNode: Sendable {
    package enum Content: Sendable {
        /// `isPlain` when it was written without quotes, so that it might mean something else than a text.
        case scalar(String, isPlain: Bool)
        case sequence([YAMLNode])
        case mapping([YAMLEntry])
    }

    package let content: Content
    /// From 1.
    package let line: Int
    /// From 1.
    package let column: Int

    package init(_ content: Content, line: Int, column: Int) {
        self.content = content
        self.line = line
        self.column = column
    }

    package var entries: [YAMLEntry]? {
        if case .mapping(let entries) = content { entries } else { nil }
    }

    package subscript(_ key: String) -> YAMLNode? { entries?.first { $0.key == key }?.value }

    /// What it is, in words for a message.
    package var briefly: String {
        switch content {
        case .sequence: "a list"
        case .mapping: "a mapping"
        case .scalar(let text, let isPlain):
            switch isPlain ? YAMLScalar.resolve(text) : .text {
            case .null: text.isEmpty ? "nothing" : "null (\(text))"
            case .boolean: "the boolean \(text)"
            case .number: "the number \(text.prefix(40))"
            case .notFinite: "the number \(text)"
            case .text: String(text.prefix(60)).debugDescription
            }
        }
    }
}

/// One key of a mapping with its value, in the order written.
package struct YAMLEntry: Sendable {
    package let key: String
    package let line: Int
    package let column: Int
    package let value: YAMLNode
}

/// Why a YAML text was refused, with the place.
package struct YAMLError: Error, Sendable, Hashable, CustomStringConvertible {
    package let source: String
    package let line: Int
    package let column: Int
    package let message: String

    package init(source: String, line: Int, column: Int, message: String) {
        self.source = source
        self.line = line
        self.column = column
        self.message = message
    }

    package var description: String { "\(source):\(line):\(column): \(message)" }
}

/// How much a YAML text may ask of its reader.
package struct YAMLLimits: Sendable {
    package var maxBytes = 256 * 1024
    package var maxDepth = 32
    /// Scalars, sequences and mappings, those that aliases repeat counted each time.
    package var maxNodes = 20_000
    package var maxAliases = 100

    package init() {}
}
