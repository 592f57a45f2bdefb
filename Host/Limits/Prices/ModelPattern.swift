/// A model's name in which each `*` stands for any characters, or none.
package struct ModelPattern: Sendable, Hashable {
    package static let maxBytes = 256

    private let bytes: [UInt8]

    /// Nil for an empty text and one that is longer than ``maxBytes``.
    package init?(_ text: String) {
        guard (1...Self.maxBytes).contains(text.utf8.count) else { return nil }
        bytes = Array(text.utf8)
    }

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Whether the name fits as a whole; case counts.
    ///
    /// At most as many steps as the lengths multiplied.
    package func matches(_ name: String) -> Bool {
        let name = Array(name.utf8)
        var (pattern, position) = (0, 0)
        var retry: (pattern: Int, position: Int)?
        while position < name.count {
            if pattern < bytes.count, bytes[pattern] == UInt8(ascii: "*") {
                retry = (pattern + 1, position)
                pattern += 1
            } else if pattern < bytes.count, bytes[pattern] == name[position] {
                pattern += 1
                position += 1
            } else if let last = retry {
                // The last star takes one character more; earlier ones never need to.
                retry = (last.pattern, last.position + 1)
                (pattern, position) = (last.pattern, last.position + 1)
            } else {
                return false
            }
        }
        return bytes[pattern...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
