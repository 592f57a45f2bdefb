/// Where a provider's API is: a base URL, to which paths are joined.
package struct UpstreamAddress: Sendable, Hashable {
    private let base: String
    /// What the base has behind a question mark.
    private let query: String

    /// nil when it is not an http or https URL.
    package init?(_ text: String) {
        let trimmed = text.drop { $0 == " " }
        let parts = trimmed.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = parts.first, ["http://", "https://"].contains(where: { address.hasPrefix($0) }),
            address.drop(while: { $0 != "/" }).dropFirst(2).first.map({ $0 != "/" }) ?? false
        else { return nil }
        var base = String(address)
        while base.hasSuffix("/") || base.hasSuffix(" ") { base.removeLast() }
        self.base = base
        query = parts.count > 1 ? String(parts[1]) : ""
    }

    /// The host, in small letters, without port.
    package var host: String {
        let authority =
            base.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
            .dropFirst(2).first?.prefix { $0 != "/" } ?? ""
        return authority.prefix { $0 != ":" }.lowercased()
    }

    /// Whether the base ends with a path, its query apart.
    package func endsWith(_ path: String) -> Bool { base.hasSuffix(path) }

    /// The URL of a path that begins with a slash; a base that already ends with it is taken as it is.
    package func joined(_ path: String, query: String = "") -> String {
        let url = base.hasSuffix(path) ? base : base + path
        let queries = [self.query, query].filter { !$0.isEmpty }
        return queries.isEmpty ? url : url + "?" + queries.joined(separator: "&")
    }

    /// A text as one segment of a path (RFC 3986, section 2.3).
    package static func escaped(_ segment: String, alsoAllowed: String = "") -> String {
        var output: [UInt8] = []
        let digits = Array("0123456789ABCDEF".utf8)
        for byte in segment.utf8 {
            let letter = Unicode.Scalar(byte)
            if letter.isASCII && (letter.properties.isAlphabetic || letter.properties.numericType != nil)
                || "-._~".utf8.contains(byte) || alsoAllowed.utf8.contains(byte)
            {
                output.append(byte)
            } else {
                output += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
