/// Whom a limit concerns.
package struct LimitSubject: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable, Codable {
        case key, user, team
    }

    package let kind: Kind
    /// A key's public id, or the name of a user or team.
    package let id: String

    package init(_ kind: Kind, _ id: String) {
        self.kind = kind
        self.id = id
    }

    /// Whether it can be the name of a user or team: 1 to 64 letters, digits, `_`, `.`, `@`, `-`.
    package static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                case UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "@"), UInt8(ascii: "-"): true
                default: false
                }
            }
    }
}
