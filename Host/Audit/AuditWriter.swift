import Core
import Foundation
import GRDB
import Storage
import Synchronization

/// The thread that carries out what `GroupCommit` decides.
///
/// SQLite blocks, so it may not run on the cooperative pool.
struct AuditWriter: Sendable {
    typealias Commit = GroupCommit<AuditEvent, AuditWaiter>

    let file: AuditFile
    let monitor: Monitor<Commit>
    let ending: AuditEnding

    func start() {
        let thread = Thread { run() }
        thread.name = "audit-writer"
        thread.start()
    }

    private enum Work {
        case write([Commit.Item])
        case sync
        case stop(AuditError?)
    }

    private func run() {
        while true {
            switch nextWork() {
            case .write(let batch): write(batch)
            case .sync: sync()
            case .stop(let error):
                ending.finish(error ?? closeFile())
                return
            }
        }
    }

    private func nextWork() -> Work {
        monitor.await { commit in
            switch commit.next(now: SteadyClock.now()) {
            case .write(let batch): .done(.write(batch))
            case .sync: .done(.sync)
            case .stop(let error): .done(.stop(error))
            case .sleep(let time): .until(time)
            }
        }
    }

    private func write(_ batch: [Commit.Item]) {
        let answers: [Commit.Answer]
        do {
            let refused = try file.append(batch)
            answers = monitor.withLock { $0.committed(batch, refused: refused, now: SteadyClock.now()) }
        } catch {
            let reason = Self.reason(error)
            answers = monitor.withLock { $0.failed(batch, reason: reason, now: SteadyClock.now()) }
        }
        for answer in answers { answer.waiter.resume(returning: answer.error) }
    }

    private func sync() {
        do {
            try file.sync()
            monitor.withLock { $0.synced() }
        } catch {
            let reason = Self.reason(error)
            monitor.withLock { $0.syncFailed(reason: reason, now: SteadyClock.now()) }
        }
    }

    private func closeFile() -> AuditError? {
        do {
            try file.close()
            return nil
        } catch {
            return .writeFailed(reason: Self.reason(error))
        }
    }

    private static func reason(_ error: any Error) -> String {
        (error as? DatabaseError)?.reason ?? String(describing: error)
    }
}

/// How the writer ended, for all who wait for it.
final class AuditEnding: Sendable {
    private struct State {
        var outcome: Outcome?
        var waiters: [AuditWaiter] = []
    }

    private struct Outcome {
        let error: AuditError?
    }

    private let state = Mutex(State())

    func wait() async -> AuditError? {
        await withCheckedContinuation { waiter in
            let outcome = state.withLock { state -> Outcome? in
                if state.outcome == nil { state.waiters.append(waiter) }
                return state.outcome
            }
            if let outcome { waiter.resume(returning: outcome.error) }
        }
    }

    func finish(_ error: AuditError?) {
        let waiters = state.withLock { state in
            state.outcome = Outcome(error: error)
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: error) }
    }
}
