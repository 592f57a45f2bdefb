/// A server's whole answer.
public struct HTTPResponse: Sendable {
    /// The status code.
    public let status: Int
    /// In their order; names as the server wrote them.
    public let headers: [(name: String, value: String)]
    /// As the server sent it: in whatever encoding was asked for.
    public private(set) var body: [UInt8]

    init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first header of that name, in whatever case.
    public func value(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }

    /// Puts asterisks where the body holds `secret`: a server that repeats the key it was sent must not show it to
    /// whoever gets the answer.
    public mutating func mask(_ secret: [UInt8]) {
        guard !secret.isEmpty, body.count >= secret.count else { return }
        var position = 0
        while position <= body.count - secret.count {
            if body[position] == secret[0], body[position...].starts(with: secret) {
                for index in position..<position + secret.count { body[index] = UInt8(ascii: "*") }
                position += secret.count
            } else {
                position += 1
            }
        }
    }
}
