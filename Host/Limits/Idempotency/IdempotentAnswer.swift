/// An answer that is kept for repeats.
package struct IdempotentAnswer: Sendable, Hashable {
    /// HTTP's.
    package let status: Int
    package let contentType: String
    package let body: [UInt8]

    package init(status: Int, contentType: String, body: [UInt8]) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }
}

/// How much an ``IdempotencyStore`` keeps, and for how long.
package struct IdempotencyLimits: Sendable, Hashable {
    /// A larger answer goes to those who wait, and later repeats are refused.
    package var maxAnswerBytes = 1 << 20
    /// For one principal; then the oldest answer makes room.
    package var maxEntriesPerPrincipal = 1000
    package var maxBytesPerPrincipal = 16 << 20
    /// For all together; then the oldest of the principal that has the most makes room.
    package var maxEntries = 20_000
    package var maxBytes = 128 << 20
    package var lifetime = Duration.seconds(86_400)

    package init() {}
}

/// Where an entry is.
struct IdempotencyPlace: Sendable, Hashable {
    let principal: String
    let key: String
}
