/// What the host is to ask of a server for a plugin.
public struct HTTPRequest: Sendable {
    /// Such as `POST`.
    public var method: String
    /// With scheme and host.
    public var url: String
    /// Names with values; `Host`, `Content-Length` and the like are the host's to state.
    public var headers: [(name: String, value: String)]
    /// What is sent along; may be empty.
    public var body: [UInt8]
    /// Limit for the whole exchange; 0 is what remains until the call's deadline.
    public var timeoutMilliseconds: UInt32 = 0
    /// Limit until the response's head; 0 is the host's own.
    public var firstByteMilliseconds: UInt32 = 0
    /// Limit between two pieces of the body; 0 is the host's own.
    public var idleMilliseconds: UInt32 = 0

    /// A request without limits of its own.
    public init(_ method: String, _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}
