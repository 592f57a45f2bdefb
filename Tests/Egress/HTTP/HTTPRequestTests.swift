import Egress
import Testing

@Suite("Requests")
struct HTTPRequestTests {
    @Test(
        "that could smuggle a second one are not sent",
        arguments: [
            ("GET\r\nX: y", "http://a.example/", "X-A", "b"), ("GET /", "http://a.example/", "X-A", "b"),
            ("", "http://a.example/", "X-A", "b"), ("GET", "http://a.example/\r\nHost: b", "X-A", "b"),
            ("GET", "http://a.example/ HTTP/1.1", "X-A", "b"), ("GET", "http://a.example/\0", "X-A", "b"),
            ("GET", "http://a.example/", "X-A\r\nX-B", "b"), ("GET", "http://a.example/", "X-A:", "b"),
            ("GET", "http://a.example/", "", "b"), ("GET", "http://a.example/", "X A", "b"),
            ("GET", "http://a.example/", "X-A", "b\r\nX-B: c"), ("GET", "http://a.example/", "X-A", "b\n"),
            ("GET", "http://a.example/", "X-A", "b\0c"), ("GET", "http://a.example/", "X-Ä", "b"),
        ]
    )
    func smuggling(_ method: String, _ url: String, _ name: String, _ value: String) {
        let error = #expect(throws: HTTPError.self) {
            try HTTPRequest(method: method, url: url, fields: [HTTPField(name: name, value: value)])
        }
        guard case .malformed = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(
        "do not speak for the connection",
        arguments: [
            "Host", "connection", "Content-Length", "Transfer-Encoding", "Proxy-Authorization", "TE", "Upgrade",
            "Expect", "Keep-Alive", "Trailer",
        ]
    )
    func ownFields(_ name: String) {
        #expect(
            throws: HTTPError.malformed(reason: "the header field \(name) is the host's own; leave it out")
        ) {
            try HTTPRequest(url: "http://a.example/", fields: [HTTPField(name: name, value: "1")])
        }
    }

    @Test(
        "go to http and https alone",
        arguments: [
            "file:///etc/passwd", "ftp://a.example/", "gopher://a.example/", "dict://a.example/", "ws://a.example/",
        ]
    )
    func schemes(_ url: String) {
        let error = #expect(throws: HTTPError.self) { try HTTPRequest(url: url) }
        guard case .refused = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test(
        "name one host, in plain letters, and no user",
        arguments: [
            "http://user@a.example/", "http://u:p@a.example/", "http://bücher.example/", "not a url", "", "http://",
        ]
    )
    func addresses(_ url: String) {
        let error = #expect(throws: HTTPError.self) { try HTTPRequest(url: url) }
        guard case .malformed = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("are limited in length and number of fields")
    func lengths() {
        #expect(throws: HTTPError.self) {
            try HTTPRequest(url: "http://a.example/" + String(repeating: "a", count: 16 << 10))
        }
        let field = HTTPField(name: "X-A", value: "b")
        #expect(throws: HTTPError.self) {
            try HTTPRequest(url: "http://a.example/", fields: Array(repeating: field, count: 257))
        }
        #expect(throws: HTTPError.self) {
            let long = HTTPField(name: "X-A", value: String(repeating: "b", count: 64 << 10))
            return try HTTPRequest(url: "http://a.example/", fields: [long])
        }
    }

    @Test("with methods that are no requests to a resource are not sent", arguments: ["CONNECT", "TRACE", "connect"])
    func methods(_ method: String) {
        #expect(throws: HTTPError.malformed(reason: "the method \(method) is not supported")) {
            try HTTPRequest(method: method, url: "http://a.example/")
        }
    }
}
