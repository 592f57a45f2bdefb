import Audit
import Core
import PluginRuntime

/// The audit event of one request of a model, while the request goes its way.
struct ChatRecord {
    private var event: AuditEvent
    private let startedAt: UInt64
    /// How long the request waited for others than the host.
    var waitedNanoseconds: UInt64 = 0

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

    /// What was asked for.
    mutating func name(_ taskType: String) { event.taskType = String(taskType.prefix(128)) }

    mutating func answered(by provider: String, bytes: Int) {
        event.provider = provider
        event.responseBytes = Int64(bytes)
    }

    mutating func failed(_ failure: Failure) { event.settle(CallOutcome.failure(failure)) }

    /// Records the event; throws `audit_unavailable` when that is not possible.
    mutating func write(
        to audit: AuditLog,
        now: UInt64
    ) async throws(Failure) -> (latencyMicroseconds: Int64, overheadMicroseconds: Int64) {
        let total = now &- startedAt
        event.latencyMicroseconds = Int64(clamping: total / 1000)
        do {
            try await audit.record(event)
        } catch {
            throw error.failure
        }
        let own = total > waitedNanoseconds ? total - waitedNanoseconds : 0
        return (event.latencyMicroseconds, Int64(clamping: own / 1000))
    }
}
