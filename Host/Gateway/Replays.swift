package import Core
import PluginRuntime

extension RequestPipeline {
    /// Records a request that got the answer of an earlier one again; nobody was asked, and nothing is billed.
    package func recordReplay(
        _ origin: RequestOrigin,
        _ principal: Principal,
        name: String,
        requestBytes: Int,
        responseBytes: Int
    ) async throws(Failure) {
        try await record(
            AuditEvent(
                requestID: origin.requestID,
                time: origin.receivedAt,
                kind: .process,
                status: .success,
                keyID: principal.keyID,
                principalName: principal.name,
                taskType: String(name.prefix(128)),
                operation: "replay",
                provider: "idempotency",
                latencyMicroseconds: Int64(clamping: (MonotonicClock.now() &- origin.startedAt) / 1000),
                requestBytes: Int64(requestBytes),
                responseBytes: Int64(responseBytes),
                clientAddress: origin.clientAddress
            )
        )
    }
}
