/// An address of a person, `local@domain`, in the part of RFC 5321 that cannot be mistaken for anything else: plain
/// ASCII, no quotes, no comments, no source routes.
///
/// What it holds can stand in an SMTP command and in a header without being escaped.
package struct MailAddress: Sendable, Hashable, CustomStringConvertible {
    /// RFC 5321, 4.5.3.1: 64 bytes before the `@`, 254 in all.
    private static let maxLocalBytes = 64
    private static let maxBytes = 254
    private static let maxLabelBytes = 63
    private static let localBytes = Set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~.".utf8
    )

    package let text: String
    /// In lower case.
    package let domain: String

    /// nil for anything that is not one plain address.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.maxBytes, let at = text.utf8.lastIndex(of: UInt8(ascii: "@")) else { return nil }
        let local = text.utf8[..<at]
        let domain = String(text.utf8[text.utf8.index(after: at)...]) ?? ""
        guard 1...Self.maxLocalBytes ~= local.count, local.allSatisfy(Self.localBytes.contains),
            local.first != UInt8(ascii: "."), local.last != UInt8(ascii: "."), !text.contains(".."),
            Self.isDomain(domain)
        else { return nil }
        self.text = text
        self.domain = domain.lowercased()
    }

    package var description: String { text }

    private static func isDomain(_ text: String) -> Bool {
        let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return labels.count >= 2 && labels.allSatisfy(isLabel)
    }

    private static func isLabel(_ label: Substring.UTF8View) -> Bool {
        1...maxLabelBytes ~= label.count && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
            && label.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
                default: false
                }
            }
    }
}

/// Domains of recipients: `*`, `acme.example` or `*.acme.example`.
///
/// `*.acme.example` means the names below it and not the name itself.
package struct MailDomains: Sendable, Hashable {
    private let patterns: [String]

    package init(_ patterns: [String]) { self.patterns = patterns.map { $0.lowercased() } }

    package func allow(_ address: MailAddress) -> Bool {
        patterns.contains { pattern in
            if pattern == "*" { return true }
            guard pattern.hasPrefix("*.") else { return pattern == address.domain }
            return address.domain.hasSuffix(pattern.dropFirst())
        }
    }
}
