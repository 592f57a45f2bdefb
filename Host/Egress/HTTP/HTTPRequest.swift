/// A field of a request or a response; names that come from a server are in lower case.
package struct HTTPField: Sendable, Hashable {
    package let name: String
    package let value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}

/// A request that can be sent as it stands: nothing in it can end a line or speak for the connection.
package struct HTTPRequest: Sendable {
    package static let maxURLBytes = 16 << 10
    package static let maxFields = 256
    package static let maxFieldBytes = 64 << 10
    private static let maxMethodBytes = 32

    package let method: String
    package let address: WebAddress
    package let fields: [HTTPField]
    package private(set) var body: [UInt8]
    /// Asks for gzip, deflate, brotli or zstd and hands out the plain body; otherwise it comes as the server sends it.
    package let decodesBody: Bool

    package init(
        method: String = "GET",
        url: String,
        fields: [HTTPField] = [],
        body: [UInt8] = [],
        decodesBody: Bool = false
    ) throws(HTTPError) {
        guard url.utf8.count <= Self.maxURLBytes else {
            throw .malformed(reason: "the URL is longer than \(Self.maxURLBytes) bytes")
        }
        guard let address = try? WebAddress(url) else { throw .malformed(reason: "the URL cannot be read") }
        if let flaw = Self.flaw(ofMethod: method, hasBody: !body.isEmpty) ?? Self.flaw(of: fields) {
            throw .malformed(reason: flaw)
        }
        if let flaw = Self.flaw(of: address) { throw flaw }
        self.init(method, address, fields, body, decodesBody)
    }

    private init(
        _ method: String,
        _ address: WebAddress,
        _ fields: [HTTPField],
        _ body: [UInt8],
        _ decodesBody: Bool
    ) {
        self.method = method
        self.address = address
        self.fields = fields
        self.body = body
        self.decodesBody = decodesBody
    }

    mutating func forgetBody() { body = [] }

    /// What to send to the target of a redirect; a host that was not asked learns nothing that may be a secret.
    func redirected(to text: String, status: Int) throws(HTTPError) -> HTTPRequest {
        guard let target = try? WebAddress(text, relativeTo: address) else {
            throw .malformed(reason: "\(address.host) redirects to something that is not a URL")
        }
        if let flaw = Self.flaw(of: target) { throw flaw }
        guard !(address.scheme == "https" && target.scheme == "http") else {
            throw .refused(reason: "\(address.host) redirects from https to http")
        }
        let isSameOrigin =
            (target.scheme, target.host, target.port) == (address.scheme, address.host, address.port)
        let becomesGet = status == 303 && method != "HEAD" || (status == 301 || status == 302) && method == "POST"
        let kept = fields.filter { field in
            let name = field.name.lowercased()
            if becomesGet && name.hasPrefix("content-") { return false }
            return isSameOrigin || Self.harmlessFields.contains(name)
        }
        return HTTPRequest(becomesGet ? "GET" : method, target, kept, becomesGet ? [] : body, decodesBody)
    }

    private static let harmlessFields: Set<String> = [
        "accept", "accept-encoding", "accept-language", "content-encoding", "content-language", "content-type",
        "user-agent",
    ]
}

extension HTTPRequest {
    /// Fields about the connection and the length of the body, which the client alone states.
    private static let ownFields: Set<String> = [
        "connection", "content-length", "expect", "host", "http2-settings", "keep-alive", "te", "trailer",
        "transfer-encoding", "upgrade",
    ]

    private static func flaw(ofMethod method: String, hasBody: Bool) -> String? {
        guard 1...maxMethodBytes ~= method.utf8.count, method.utf8.allSatisfy(isTokenByte) else {
            return "the method is not a word such as GET"
        }
        if ["CONNECT", "TRACE"].contains(method.uppercased()) { return "the method \(method) is not supported" }
        if hasBody && method == "HEAD" { return "a HEAD request has no body" }
        return nil
    }

    private static func flaw(of fields: [HTTPField]) -> String? {
        guard fields.count <= maxFields else { return "there are more than \(maxFields) header fields" }
        guard fields.reduce(0, { $0 + $1.name.utf8.count + $1.value.utf8.count }) <= maxFieldBytes else {
            return "the header fields are longer than \(maxFieldBytes) bytes together"
        }
        for field in fields {
            guard !field.name.isEmpty, field.name.utf8.allSatisfy(isTokenByte) else {
                return "the name of a header field holds a character that is not allowed"
            }
            guard field.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }) else {
                return "the value of \(field.name) holds a control character"
            }
            let name = field.name.lowercased()
            if ownFields.contains(name) || name.hasPrefix("proxy-") {
                return "the header field \(field.name) is the host's own; leave it out"
            }
        }
        return nil
    }

    private static func flaw(of address: WebAddress) -> HTTPError? {
        guard address.scheme == "http" || address.scheme == "https" else {
            return .refused(reason: "only http and https are allowed, not \(address.scheme):")
        }
        if address.host.isEmpty { return .malformed(reason: "the URL names no host") }
        guard address.host.utf8.allSatisfy({ 0x21...0x7e ~= $0 }) else {
            return .malformed(reason: "the host is not plain ASCII; write it in its xn-- form")
        }
        if address.hasCredentials {
            return .malformed(reason: "the URL holds a user name; send it in an Authorization field")
        }
        return nil
    }

    /// The characters of a token of RFC 9110.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
