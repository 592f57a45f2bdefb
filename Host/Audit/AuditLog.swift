package import Core
import Storage

typealias AuditWaiter = CheckedContinuation<AuditError?, Never>

/// The audit log of a running host: one writer on a thread of its own, many callers.
///
/// What can be lost:
/// - `strict`: nothing that `record` returned from. It returns when the event's commit is synced to the disk.
/// - `group`, the process is killed: the events of the last 5 ms (`commitDelay`), and of the commit under way.
/// - `group`, the power is cut: the events of the last second (`syncDelay`) as well, as commits are synced once a
///   second.
///
/// Events are never dropped: when the queue is full, `record` waits. When the disk refuses, `strict` throws to those
/// who wait; `group` keeps what it took, tries again, and refuses everything new until a write succeeds.
package final class AuditLog: Sendable {
    package enum Mode: String, Sendable, CaseIterable {
        case strict, group
    }

    package let mode: Mode
    private let monitor: Monitor<GroupCommit<AuditEvent, AuditWaiter>>
    private let ending: AuditEnding
    private let reader: AuditReader

    /// Opens the file, makes it if it is missing, and starts the writer.
    ///
    /// `close` must be called at the end.
    package init(path: String, mode: Mode = .group, limits: AuditLimits = AuditLimits()) throws {
        self.mode = mode
        let file = try AuditFile(path: path, mode: mode)
        reader = try AuditReader(path: path)
        monitor = Monitor(GroupCommit(mode: mode == .strict ? .strict : .group, limits: limits))
        ending = AuditEnding()
        AuditWriter(file: file, monitor: monitor, ending: ending).start()
    }

    /// Takes the event; see the type for what is certain when this returns.
    ///
    /// Throws when the request must not be served because it cannot be recorded.
    ///
    /// It stays on the caller's executor: a hop would cost more than the recording.
    nonisolated(nonsending) package func record(_ event: AuditEvent) async throws(AuditError) {
        switch admit({ $0.offer(event, now: SteadyClock.now()) }) {
        case .accepted: return
        case .refused(let error): throw error
        case .mustWait: break
        }
        let error = await withCheckedContinuation { waiter in
            answer(waiter, unless: admit { $0.wait(event, waiter, now: SteadyClock.now()) })
        }
        if let error { throw error }
    }

    /// Returns when everything recorded so far is committed and can be read.
    package func flush() async throws(AuditError) {
        let error = await withCheckedContinuation { waiter in
            answer(waiter, unless: admit { $0.flush(waiter, now: SteadyClock.now()) })
        }
        if let error { throw error }
    }

    /// Commits and syncs everything recorded, then stops the writer.
    ///
    /// Later records are refused.
    package func close() async throws(AuditError) {
        if monitor.withLock({ $0.close() }) { monitor.wake() }
        if let error = await ending.wait() { throw error }
    }

    /// False from a failed write or sync until one succeeds again.
    package var isHealthy: Bool { monitor.withLock { $0.failure == nil } }

    /// Events that are taken and not yet committed.
    package var queuedCount: Int { monitor.withLock { $0.queuedCount } }

    /// The newest events that match, those recorded a moment ago included.
    package func page(
        limit: Int = AuditReader.defaultPage,
        before cursor: AuditCursor? = nil,
        filter: AuditFilter = AuditFilter()
    ) async throws -> AuditPage {
        try await flushIfOpen()
        return try await reader.page(limit: limit, before: cursor, filter: filter)
    }

    package func count(filter: AuditFilter = AuditFilter()) async throws -> Int {
        try await flushIfOpen()
        return try await reader.count(filter: filter)
    }

    package func event(requestID: String) async throws -> StoredAuditEvent? {
        try await flushIfOpen()
        return try await reader.event(requestID: requestID)
    }

    /// A log that cannot be written can still be read.
    private func flushIfOpen() async throws(AuditError) {
        guard mode == .group, isHealthy else { return }
        do throws(AuditError) {
            try await flush()
        } catch .closed, .unhealthy {
            return
        }
    }

    private typealias Commit = GroupCommit<AuditEvent, AuditWaiter>

    private func admit(_ body: (inout Commit) -> Commit.Admission) -> Commit.Admission {
        let admission = monitor.withLock(body)
        if case .accepted(wakeWriter: true) = admission { monitor.wake() }
        return admission
    }

    private func answer(_ waiter: AuditWaiter, unless admission: Commit.Admission) {
        if case .refused(let error) = admission { waiter.resume(returning: error) }
    }
}
