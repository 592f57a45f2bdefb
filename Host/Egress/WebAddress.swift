import CCurl

/// A URL as libcurl itself reads it: whoever checks an address must read it as the one who connects.
package struct WebAddress: Sendable, Hashable {
    package let text: String
    package let scheme: String
    /// Empty for `file:`.
    package let host: String
    package let path: String
    /// The one in the text, else the scheme's own; nil for `file:`.
    package let port: Int?
    /// Whether a name or a password stands before the host.
    package let hasCredentials: Bool

    /// Reads `text`; `base` resolves a relative one.
    package init(_ text: String, relativeTo base: WebAddress? = nil) throws {
        guard let handle = curl_url() else { throw DownloadError.malformedURL }
        defer { curl_url_cleanup(handle) }
        if let base {
            guard curl_url_set(handle, CURLUPART_URL, base.text, 0) == CURLUE_OK else {
                throw DownloadError.malformedURL
            }
        }
        guard !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7f }),
            curl_url_set(handle, CURLUPART_URL, text, UInt32(CURLU_NON_SUPPORT_SCHEME)) == CURLUE_OK,
            let whole = Self.part(CURLUPART_URL, of: handle),
            let scheme = Self.part(CURLUPART_SCHEME, of: handle)
        else { throw DownloadError.malformedURL }
        self.text = whole
        self.scheme = scheme.lowercased()
        host = Self.part(CURLUPART_HOST, of: handle) ?? ""
        path = Self.part(CURLUPART_PATH, of: handle) ?? ""
        port = Self.part(CURLUPART_PORT, of: handle, flags: UInt32(CURLU_DEFAULT_PORT)).flatMap(Int.init)
        hasCredentials =
            Self.part(CURLUPART_USER, of: handle) != nil || Self.part(CURLUPART_PASSWORD, of: handle) != nil
    }

    /// The address of a local file or folder given by its absolute path.
    package init(filePath: String) throws {
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-._~".utf8)
        let digits = Array("0123456789ABCDEF")
        var encoded = ""
        for byte in filePath.utf8 {
            if plain.contains(byte) {
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                encoded += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
        try self.init("file://" + encoded)
    }

    /// The path on this machine of a `file:` address.
    package var filePath: String? {
        guard scheme == "file" else { return nil }
        var length: Int32 = 0
        guard let text = curl_easy_unescape(nil, path, 0, &length) else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }

    /// What messages call it.
    package var place: String { scheme == "file" ? path : host }

    private static func part(_ part: CURLUPart, of handle: OpaquePointer, flags: UInt32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, flags) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }
}
