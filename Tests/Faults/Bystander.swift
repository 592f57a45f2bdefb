import PraximousJSON
import Synchronization
import TestSupport

/// Calls of a plugin that does no harm, one after the other, while another one does.
final class Bystander: Sendable {
    struct Report: Sendable {
        var answered = 0
        /// What came in place of an answer with status 200.
        var failures: [String] = []
    }

    private struct State {
        var report = Report()
        var isStopped = false
    }

    private let state = Mutex(State())

    /// Lends a host that is also asked by a bystander; what became of the bystander's calls.
    static func beside<Value>(
        _ host: RunningHost,
        _ body: () async throws -> Value
    ) async throws -> (value: Value, report: Report) {
        let bystander = Bystander()
        async let calls: Void = bystander.run(host)
        defer { bystander.stop() }
        _ = await Patience.wait(seconds: 5) { bystander.report.answered > 0 || !bystander.report.failures.isEmpty }
        let value = try await body()
        bystander.stop()
        try await calls
        return (value, bystander.report)
    }

    private var report: Report { state.withLock { $0.report } }

    private func stop() { state.withLock { $0.isStopped = true } }

    private func run(_ host: RunningHost) async throws {
        let request = HTTPBytes.request(
            "POST",
            "/api/v1/process",
            headers: host.header(of: .admin) + [("Content-Type", "application/json")],
            body: JSON.object(["task_type": "echo", "prompt": "still here"]).encoded()
        )
        try await host.connected { [self] connection in
            while !state.withLock({ $0.isStopped }) {
                do {
                    guard connection.send(request) else { return fail("connection lost") }
                    let answer = try connection.readAnswer()
                    guard answer.status == 200 else { return fail("\(answer.status) \(answer.text.prefix(200))") }
                    state.withLock { $0.report.answered += 1 }
                } catch {
                    return fail("\(error)")
                }
            }
        }
    }

    private func fail(_ reason: String) { state.withLock { $0.report.failures.append(reason) } }
}
