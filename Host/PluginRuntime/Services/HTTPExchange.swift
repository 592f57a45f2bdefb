/// An HTTP request as a plugin states it.
package struct HTTPExchangeRequest: Sendable {
    package let method: String
    package let url: String
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]
    /// For the whole exchange; 0 is what remains until the call's deadline.
    package let timeoutMilliseconds: UInt32
    /// 0 is the host's own limit.
    package let firstByteMilliseconds: UInt32
    /// 0 is the host's own limit.
    package let idleMilliseconds: UInt32

    package init(
        method: String,
        url: String,
        headers: [(name: String, value: String)],
        body: [UInt8],
        timeoutMilliseconds: UInt32,
        firstByteMilliseconds: UInt32,
        idleMilliseconds: UInt32
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeoutMilliseconds = timeoutMilliseconds
        self.firstByteMilliseconds = firstByteMilliseconds
        self.idleMilliseconds = idleMilliseconds
    }
}

/// Who hears of an exchange: the head at most once, then the body in pieces, and exactly once the end.
package protocol HTTPExchangeEvents: AnyObject, Sendable {
    func head(status: Int32, headers: [(name: String, value: String)])
    func body(_ piece: UnsafeRawBufferPointer)
    /// `error` is nil only when the body was complete.
    func end(error: ServiceError?, reason: String)
}

/// An exchange under way; any thread may use it, also after its end.
package protocol RunningExchange: AnyObject, Sendable {
    /// The end still comes, once.
    func cancel()
    /// Stops reading from upstream until ``resume()``.
    func pause()
    func resume()
}
