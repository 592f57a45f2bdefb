import Audit
import Core
import PluginRuntime

/// The audit event of one request of a model, while the request goes its way.
struct ChatRecord {
    var event: AuditEvent
    private let startedAt: UInt64

    init(
        _ origin: RequestOrigin,
        _ principal: Result<Principal, Failure>,
        operation: String,
        requestBytes: Int
    ) {
        event = AuditEvent(
            requestID: origin.requestID,
            time: origin.receivedAt,
            kind: .process,
            status: .success,
            operation: operation,
            requestBytes: Int64(requestBytes),
            clientAddress: origin.clientAddress
        )
        startedAt = origin.startedAt
        if case .success(let principal) = principal {
            event.keyID = principal.keyID
            event.principalName = principal.name
        } else {
            event.kind = .authentication
        }
    }

    /// Records how the request ended; returns or throws that, or `audit_unavailable` when it could not be recorded.
    mutating func finish(_ result: Result<ChatAnswer, Failure>, in audit: AuditLog) async throws(Failure) -> ChatAnswer
    {
        event.latencyMicroseconds = Int64(clamping: (MonotonicClock.now() &- startedAt) / 1000)
        switch result {
        case .success(let answer):
            event.provider = answer.provider
            event.responseBytes = Int64(answer.completion.count)
        case .failure(let failure): event.settle(CallOutcome.failure(failure))
        }
        do {
            try await audit.record(event)
        } catch {
            throw error.failure
        }
        var answer = try result.get()
        answer.latencyMicroseconds = event.latencyMicroseconds
        return answer
    }
}
