import TestSupport

/// For tests that only ask: one host for all of them, started with the first and killed with the test process.
///
/// A test that configures, stops or revokes takes a host of its own.
actor SharedHost {
    private static let shared = SharedHost()
    private var starting: Task<Lease, any Error>?

    static func with<Result: Sendable>(_ body: @Sendable (RunningHost) async throws -> Result) async throws -> Result {
        try await body(try await shared.lease().host)
    }

    private func lease() async throws -> Lease {
        if let starting { return try await starting.value }
        let task = Task { try await Lease() }
        starting = task
        return try await task.value
    }

    private struct Lease {
        let host: RunningHost

        init() async throws { host = try await RunningHost.untilTestsEnd() }
    }
}
