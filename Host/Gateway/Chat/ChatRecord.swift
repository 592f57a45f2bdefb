import Audit
import Core
import PluginRuntime

/// What is known of one request of a model while it goes its way: for the audit, the metrics and its trace.
struct ChatRecord {
    private var event: AuditEvent
    private(set) var call: ModelCall
    private let observer: ChatObserver

    /// ``write(to:now:)`` must follow.
    init(
        _ origin: RequestOrigin,
        _ principal: Result<Principal, Failure>,
        operation: ModelCall.Operation,
        isStreaming: Bool = false,
        requestBytes: Int,
        observer: ChatObserver
    ) {
        event = AuditEvent(
            requestID: origin.requestID,
            time: origin.receivedAt,
            kind: .process,
            status: .success,
            operation: operation == .chat ? "chat" : "embed",
            requestBytes: Int64(requestBytes),
            clientAddress: origin.clientAddress
        )
        call = ModelCall(
            requestID: origin.requestID,
            operation: operation,
            isStreaming: isStreaming,
            trace: RequestTrace(
                requestID: origin.requestID,
                parentRequestID: origin.parentRequestID,
                client: origin.trace,
                sample: observer.sample
            ),
            receivedAt: origin.receivedAt,
            startedAt: origin.startedAt
        )
        self.observer = observer
        if case .success(let principal) = principal {
            event.keyID = principal.keyID
            event.principalName = principal.name
        } else {
            event.kind = .authentication
        }
        observer.began(isStreaming)
    }

    /// What was asked for.
    mutating func name(_ taskType: String, model: String) {
        event.taskType = String(taskType.prefix(128))
        call.requestModel = String(model.prefix(128))
    }

    /// The configuration that serves it.
    mutating func resolved(in snapshot: ProviderSnapshot, model: String) {
        call.isRequestModelKnown = model.isEmpty || snapshot.isConfigured(model)
    }

    /// What the providers were asked.
    mutating func carriedOut(_ run: RouteRun, in snapshot: ProviderSnapshot) {
        call.attempts = run.finishedAttempts
        call.waitedNanoseconds = run.waitedNanoseconds
        call.firstTokenAt = run.firstTokenAt
        guard let last = call.attempts.last, last.failure == nil else { return }
        call.answer = last
        call.isResponseModelKnown = snapshot.isConfigured(last.model)
    }

    mutating func refusedByLimit() { call.isRefusedByLimit = true }

    mutating func answered(by provider: String, bytes: Int, finishReason: String?) {
        event.provider = provider
        event.responseBytes = Int64(bytes)
        call.finishReason = finishReason
    }

    mutating func billed(_ usage: TokenUsage?, costMicros: Int64?) {
        call.usage = usage
        call.costMicros = costMicros
    }

    mutating func failed(_ failure: Failure) {
        event.settle(CallOutcome.failure(failure))
        call.failure = failure
        call.answer = nil
    }

    /// Records the event and tells the observer; throws `audit_unavailable` when the first is not possible.
    mutating func write(
        to audit: AuditLog,
        now: UInt64
    ) async throws(Failure) -> (latencyMicroseconds: Int64, overheadMicroseconds: Int64) {
        call.endedAt = now
        event.latencyMicroseconds = Int64(clamping: (now &- call.startedAt) / 1000)
        event.modelUse = ModelUse(
            model: call.answer?.model,
            usage: call.usage,
            costMicros: call.costMicros,
            attempts: call.attempts.count,
            firstTokenMicroseconds: call.firstTokenAt.map { Int64(clamping: ($0 &- call.startedAt) / 1000) }
        )
        do {
            try await audit.record(event)
        } catch {
            call.failure = error.failure
            observer.finished(call)
            throw error.failure
        }
        observer.finished(call)
        return (event.latencyMicroseconds, Int64(clamping: call.overheadNanoseconds / 1000))
    }
}
