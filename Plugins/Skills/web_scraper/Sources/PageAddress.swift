import PraximousPlugin

/// The URL of a page, as far as this skill must read it: to follow redirects and to refuse what is none.
///
/// Who may be asked is not judged here but by the host, when it connects: it alone sees the address behind a name.
struct PageAddress: Hashable {
    /// `https` or `http`.
    let scheme: String
    /// Host and port, as they were written.
    let authority: String
    /// Path and query; begins with `/`.
    let target: String

    var text: String { "\(scheme)://\(authority)\(target)" }

    /// What the client asks for.
    init(asked text: String) throws(SkillFailure) {
        guard let address = PageAddress(text) else {
            throw SkillFailure(
                "Input Error",
                details: "'url' must be an http or https URL such as https://example.com/page, without a user name.",
                code: "invalid_url"
            )
        }
        self = address
    }

    /// nil for anything but a whole http or https URL.
    init?(_ text: String) {
        guard let colon = text.utf8.firstIndex(of: UInt8(ascii: ":")), Self.isPrintable(text) else { return nil }
        scheme = text[..<colon].lowercased()
        let rest = text[text.index(after: colon)...]
        guard scheme == "https" || scheme == "http", rest.hasPrefix("//") else { return nil }
        let afterSlashes = rest.dropFirst(2)
        let end = afterSlashes.firstIndex { "/?#".contains($0) } ?? afterSlashes.endIndex
        authority = String(afterSlashes[..<end])
        guard !authority.isEmpty, !authority.contains("@"), !authority.contains("\\"), !authority.contains(" ") else {
            return nil
        }
        let target = Self.encoded(afterSlashes[end...].prefix { $0 != "#" })
        self.target = target.hasPrefix("/") ? target : "/" + target
    }

    private init(_ scheme: String, _ authority: String, _ target: String) {
        (self.scheme, self.authority, self.target) = (scheme, authority, target)
    }

    /// Where a redirect leads (RFC 3986, 5.2); nil when that is nothing this skill asks for.
    ///
    /// `.` and `..` stay in: the host takes them out when it sends the request.
    func redirected(to reference: String) -> PageAddress? {
        if let colon = reference.firstIndex(of: ":"), Self.isScheme(reference[..<colon]) {
            return PageAddress(reference)
        }
        guard Self.isPrintable(reference) else { return nil }
        if reference.hasPrefix("//") { return PageAddress(scheme + ":" + reference) }
        let relative = Self.encoded(reference.prefix { $0 != "#" })
        if relative.hasPrefix("/") { return PageAddress(scheme, authority, relative) }
        if relative.isEmpty { return self }
        let path = target.prefix { $0 != "?" }
        if relative.hasPrefix("?") { return PageAddress(scheme, authority, path + relative) }
        let folder = path[...(path.lastIndex(of: "/") ?? path.startIndex)]
        return PageAddress(scheme, authority, folder + relative)
    }

    private static func isScheme(_ text: Substring) -> Bool {
        text.utf8.first.map { ($0 | 0x20) &- UInt8(ascii: "a") < 26 } ?? false
            && text.utf8.allSatisfy { byte in
                (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte &- UInt8(ascii: "0") < 10 || "+-.".utf8.contains(byte)
            }
    }

    private static func isPrintable(_ text: String) -> Bool { text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }

    /// With what a URL may not hold percent-encoded, as browsers do.
    private static func encoded(_ text: some StringProtocol) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if byte > 0x20, byte < 0x7F, !"\"<>\\^`{|}".utf8.contains(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
