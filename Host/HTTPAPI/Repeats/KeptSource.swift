import Core
import HTTPTypes
import Limits
import Synchronization

/// A stream that runs under an idempotency key: what it brings is kept for its repeats once it has come to its end.
final class KeptSource: Sendable {
    private let inner: StreamSource
    private let ticket: IdempotencyTicket
    private let requestID: String
    private let kept = Mutex(KeptEvents())
    private static let maxBytes = IdempotencyLimits().maxAnswerBytes

    init(_ source: StreamSource, _ ticket: IdempotencyTicket, requestID: String) {
        inner = source
        self.ticket = ticket
        self.requestID = requestID
    }

    var source: StreamSource {
        StreamSource(next: next, result: result, cancel: inner.cancel, rateLimit: inner.rateLimit)
    }

    private func next() async -> ProcessEvent? {
        guard let event = await inner.next() else { return nil }
        keep(event)
        return event
    }

    private func result() async -> Result<ProcessEvent, Failure> {
        let result = await inner.result()
        switch result {
        case .success(let done): finish(with: done)
        case .failure(let failure) where failure.isLasting && hasNothing:
            finish(with: .error(failure, requestID: requestID))
        case .failure: ticket.abandon()
        }
        return result
    }

    /// Of what is too long one event too many is kept, so that the answer counts as too large.
    private func keep(_ event: ProcessEvent) {
        kept.withLock { kept in
            guard kept.bytes.count <= Self.maxBytes else { return }
            kept.append(event)
        }
    }

    private var hasNothing: Bool { kept.withLock { $0.bytes.isEmpty } }

    private func finish(with last: ProcessEvent) {
        keep(last)
        let bytes = kept.withLock { $0.bytes }
        ticket.finish(IdempotentAnswer(status: 200, contentType: "praximous.v1", body: bytes))
    }
}

extension Failure {
    /// Whether an equal request meets it again.
    fileprivate var isLasting: Bool { Failure.isLasting(status: httpStatus.code) }
}
