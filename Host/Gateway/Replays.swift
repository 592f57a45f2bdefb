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
        var record = ChatRecord(origin, .success(principal), operation: "replay", requestBytes: requestBytes)
        record.name(name)
        record.answered(by: "idempotency", bytes: responseBytes)
        _ = try await record.write(to: audit, now: MonotonicClock.now())
    }
}
