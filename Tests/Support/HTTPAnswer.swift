package import PraximousJSON

/// One HTTP answer as it came over the wire.
package struct HTTPAnswer: Sendable {
    package let status: Int
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    package var text: String { String(decoding: body, as: UTF8.self) }
    /// The body as JSON; null when it is none, so that a test reads on and fails at its expectation.
    package var json: JSON { (try? JSON.parse(body)) ?? .null }
    package var requestID: String? { self["X-Request-ID"] }

    package subscript(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// The bytes of a request.
package enum HTTPBytes {
    /// A request with `Host` and, for a body, `Content-Length`.
    package static func request(
        _ method: String,
        _ path: String,
        headers: [(String, String)] = [],
        body: [UInt8]? = nil
    ) -> [UInt8] {
        var text = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        if let body { text += "Content-Length: \(body.count)\r\n" }
        return Array((text + "\r\n").utf8) + (body ?? [])
    }
}
