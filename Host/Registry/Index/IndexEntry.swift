import Core
import Egress

/// One index an installation uses, under the name people know it by.
package struct IndexEntry: Sendable, Hashable {
    /// The one of `store: index:`, or of `--index`.
    package static let defaultName = "default"
    /// Days that `maxAgeDays` may be.
    package static let ages = 1...3650

    package let name: String
    /// As ``IndexSource`` reads it.
    package let address: String
    package let anchor: TrustAnchor
    /// How long its newest word is good for, in days, in place of the end that it names itself: a mirror that re-signs
    /// nothing would else run out.
    package let maxAgeDays: Int?

    package init(name: String, address: String, anchor: TrustAnchor, maxAgeDays: Int? = nil) {
        self.name = name
        self.address = address
        self.anchor = anchor
        self.maxAgeDays = maxAgeDays
    }

    var isNamed: Bool { name != Self.defaultName }

    /// The default index is another store when its address is another one; a named one stays itself when it moves.
    func memoryName(_ source: IndexSource) -> String { isNamed ? name : source.address.text }

    /// Lower-case letters, digits and hyphens, at most 32, and not a name with a meaning of its own.
    package static func isName(_ text: String) -> Bool {
        let allowed = Set("abcdefghijklmnopqrstuvwxyz0123456789-")
        return !text.isEmpty && text.count <= 32 && text.allSatisfy(allowed.contains) && !text.hasPrefix("-")
            && ![defaultName, "sha256", "https", "http", "file"].contains(text)
    }
}
