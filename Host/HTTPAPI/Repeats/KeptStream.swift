import Limits
import NIOCore

/// A copy of a streamed answer for its repeats, made while it goes out; none where nobody may ask for it again.
struct KeptStream: Sendable {
    private let ticket: IdempotencyTicket?
    private var bytes: [UInt8] = []
    private static let maxBytes = IdempotencyLimits().maxAnswerBytes

    init(_ ticket: IdempotencyTicket?) { self.ticket = ticket }

    /// One byte too many is kept, so that the answer counts as too large.
    mutating func append(_ buffer: ByteBuffer) {
        guard ticket != nil, bytes.count <= Self.maxBytes else { return }
        bytes += buffer.readableBytesView.prefix(Self.maxBytes + 1 - bytes.count)
    }

    /// The answer is whole, and has gone out.
    func finish() {
        ticket?.finish(
            IdempotentAnswer(status: 200, contentType: "text/event-stream; charset=utf-8", body: bytes)
        )
    }

    /// It broke off: a repeat is served anew.
    func abandon() { ticket?.abandon() }
}
