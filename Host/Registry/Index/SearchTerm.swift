import Glibc

/// A word that is looked for in many texts, in upper or lower case; an underscore also means a hyphen.
package struct SearchTerm {
    private let spellings: [String]

    package init(_ term: String) {
        let term = term.lowercased()
        spellings = Array(Set([term, term.replacing("_", with: "-")]))
    }

    /// Whether it stands in a text that is in lower case already, and ends with NUL.
    func isIn(lowered text: UnsafePointer<CChar>) -> Bool { spellings.contains { strstr(text, $0) != nil } }

    /// Bytes are compared, and not characters: thousands of texts are searched while somebody waits.
    package func isIn(_ text: String) -> Bool {
        let lower = text.lowercased()
        return spellings.contains { strstr(lower, $0) != nil }
    }
}
