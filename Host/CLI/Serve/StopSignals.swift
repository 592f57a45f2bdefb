import Audit
import Foundation
import ServiceLifecycle
import UnixSignals

/// Runs the services until they end or the process is told to stop.
///
/// The first SIGTERM or SIGINT stops them gently: no new requests, answers under way are finished. The second ends
/// the process at once, though not before the audit's queue is on disk.
struct StopSignals {
    let audit: AuditLog

    func run(_ group: ServiceGroup) async throws {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            tasks.addTask { await listen(signals, group) }
            try await tasks.next()
            tasks.cancelAll()
        }
    }

    private func listen(_ signals: UnixSignalsSequence, _ group: ServiceGroup) async {
        var isStopping = false
        for await signal in signals {
            if isStopping {
                try? await audit.flush()
                Foundation.exit(128 + (signal == .sigint ? SIGINT : SIGTERM))
            }
            isStopping = true
            await group.triggerGracefulShutdown()
        }
    }
}
