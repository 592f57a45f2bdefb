/// A text in which ⟦KIND|…⟧ marks what must be hidden.
struct MarkedText: Sendable, CustomStringConvertible {
    struct Secret: Sendable, Equatable {
        let label: String
        let text: String
        /// Where it starts in the plain text, in code points and in bytes.
        let start: Int
        let startByte: Int
    }

    let description: String
    private(set) var plain = ""
    private(set) var redacted = ""
    private(set) var masked = ""
    private(set) var secrets: [Secret] = []

    init(_ marked: String) {
        description = marked
        var rest = marked[...]
        while let open = rest.firstIndex(of: "⟦"), let close = rest[open...].firstIndex(of: "⟧") {
            append(String(rest[..<open]))
            let inside = rest[rest.index(after: open)..<close]
            let bar = inside.firstIndex(of: "|") ?? inside.startIndex
            append(secret: String(inside[inside.index(after: bar)...]), label: String(inside[..<bar]))
            rest = rest[rest.index(after: close)...]
        }
        append(String(rest))
    }

    private mutating func append(_ text: String) {
        plain += text
        redacted += text
        masked += text
    }

    private mutating func append(secret: String, label: String) {
        let start = plain.unicodeScalars.count
        secrets.append(Secret(label: label, text: secret, start: start, startByte: plain.utf8.count))
        plain += secret
        redacted += "[\(label)]"
        masked += String(repeating: "*", count: secret.count)
    }
}
