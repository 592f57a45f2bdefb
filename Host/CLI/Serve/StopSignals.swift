import Audit
import Dispatch
import Foundation
import ServiceLifecycle
import Synchronization

/// Hears SIGTERM and SIGINT from the moment it is made.
///
/// The first one stops the host gently: no further plugin is loaded, no new requests are taken, answers under way are
/// finished. The second ends the process at once, though not before the audit's queue is on disk.
///
/// `@unchecked`: the sources are not touched again once init has armed them.
final class StopSignals: @unchecked Sendable {
    private struct State {
        var isStopping = false
        var isServing = false
    }

    private let audit: AuditLog
    private let signals: AsyncStream<Int32>
    private let continuation: AsyncStream<Int32>.Continuation
    private let state = Mutex(State())
    private let sources: [any DispatchSourceSignal]

    init(audit: AuditLog) async {
        self.audit = audit
        (signals, continuation) = AsyncStream.makeStream()
        // A queue of its own: it hears them whatever a plugin that is being loaded does to the thread it is on.
        let queue = DispatchQueue(label: "prax-signals")
        sources = [SIGTERM, SIGINT].map { DispatchSource.makeSignalSource(signal: $0, queue: queue) }
        for (number, source) in zip([SIGTERM, SIGINT], sources) {
            source.setEventHandler { [weak self] in self?.hear(number) }
            await withCheckedContinuation { armed in
                source.setRegistrationHandler { armed.resume() }
                source.resume()
            }
        }
    }

    /// Whether the host has been told to stop.
    var isStopping: Bool { state.withLock { $0.isStopping } }

    private func hear(_ number: Int32) {
        let mustEnd = state.withLock { state in
            defer { state.isStopping = true }
            return state.isStopping && !state.isServing
        }
        // Nothing has been served, so there is nothing to write down; `exit` would run the plugins' own handlers.
        if mustEnd { _exit(128 + number) }
        continuation.yield(number)
    }

    /// Runs the services until they end, or the process is told to stop, or is to be restarted.
    func run(_ group: ServiceGroup, _ restart: HostRestart) async throws {
        state.withLock { $0.isServing = true }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            tasks.addTask { await self.listen(group) }
            tasks.addTask { await restart.watch(group) }
            try await tasks.next()
            tasks.cancelAll()
        }
    }

    private func listen(_ group: ServiceGroup) async {
        var isStopping = false
        for await signal in signals {
            if isStopping {
                try? await audit.flush()
                Foundation.exit(128 + signal)
            }
            isStopping = true
            await group.triggerGracefulShutdown()
        }
    }
}
