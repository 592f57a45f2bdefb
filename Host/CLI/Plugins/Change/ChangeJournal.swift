import Audit
import Core
import Foundation
import Registry
import Synchronization

/// The audit log as whoever changes plugins uses it: one event for each package that was changed, and one for a change
/// that was refused.
///
/// The log is opened first: a change that could not be recorded is not made.
final class ChangeJournal: Sendable {
    /// Such as `plugins.install`.
    private let operation: String
    /// nil where there is no installation yet that could have a log, and for what is only tried.
    private let log: AuditAppender?
    private let journalist: Journalist
    /// Whether the request's own id stands in the log already.
    private let hasUsedID = Mutex(false)

    private init(operation: String, log: AuditAppender?, journalist: Journalist) {
        (self.operation, self.log, self.journalist) = (operation, log, journalist)
    }

    /// Runs a change that a command makes.
    ///
    /// What is only tried leaves no event; neither does what changes an installation that is not there.
    static func run<Value>(
        _ operation: String,
        _ subjects: [String],
        _ options: GlobalOptions,
        isDryRun: Bool = false,
        makesInstallation: Bool = false,
        work: (ChangeJournal) async throws -> Value
    ) async throws -> Value {
        let root = options.installation
        let hasLog = !isDryRun && (makesInstallation || FileManager.default.fileExists(atPath: root.path))
        let journal = ChangeJournal(
            operation: operation,
            log: hasLog ? try open(root) : nil,
            journalist: .commandLine
        )
        return try await journal.run(subjects, work: work)
    }

    /// Runs a change that somebody else than a command makes.
    static func run<Value>(
        _ operation: String,
        _ subjects: [String],
        in root: InstallationRoot,
        as journalist: Journalist,
        work: (ChangeJournal) async throws -> Value
    ) async throws -> Value {
        let log = try open(root)
        return try await ChangeJournal(operation: operation, log: log, journalist: journalist).run(subjects, work: work)
    }

    private static func open(_ root: InstallationRoot) throws -> AuditAppender {
        do { return try AuditAppender(path: root.auditDatabase) } catch {
            throw CommandFailure(
                .internalError,
                "The audit log cannot be written, so nothing was changed: \(error).",
                hint: "Check the free space and the permissions of \(root.dataFolder).",
                code: "audit_unavailable"
            )
        }
    }

    /// Writes the refusal down and throws it on; `subjects` are the references as they were typed.
    private func run<Value>(
        _ subjects: [String],
        work: (ChangeJournal) async throws -> Value
    ) async throws -> Value {
        do {
            let value = try await work(self)
            try log?.close()
            return value
        } catch {
            let failure = CommandFailure(error, parser: PraxHost.self)
            do { try refused(subjects.isEmpty ? "all" : subjects.joined(separator: " "), failure.code) } catch {
                throw failure.unrecorded(error)
            }
            try? log?.close()
            throw error
        }
    }

    /// One package was changed.
    func changed(_ name: PluginName, _ version: SemanticVersion) throws {
        try append(.success, provider: "plugin:\(name)@\(version)", errorCode: nil)
    }

    /// Something was changed that is no package, such as `key:ID`.
    func changed(subject: String) throws { try append(.success, provider: subject.forTerminal, errorCode: nil) }

    func changed(_ outcomes: [InstallOutcome]) throws {
        for outcome in outcomes where !outcome.isDryRun {
            guard outcome.change != .alreadyThere || outcome.hasNewMarks else { continue }
            try changed(outcome.receipt.name, outcome.receipt.version)
        }
    }

    private func refused(_ subject: String, _ code: String) throws {
        try append(.error, provider: "plugin:\(subject.forTerminal)", errorCode: code)
    }

    /// The request's, once: an id stands in the log no more than once.
    private func nextID() -> String {
        let isUsed = hasUsedID.withLock { used in
            defer { used = true }
            return used
        }
        return isUsed ? RequestID.make() : journalist.requestID ?? RequestID.make()
    }

    private func append(_ status: AuditEvent.Status, provider: String, errorCode: String?) throws {
        try log?.append(
            AuditEvent(
                requestID: nextID(),
                time: WallClock.system.now(),
                kind: .administration,
                status: status,
                keyID: journalist.keyID,
                principalName: journalist.principal,
                operation: operation,
                provider: provider,
                errorCode: errorCode,
                clientAddress: journalist.clientAddress
            )
        )
    }
}

extension CommandFailure {
    /// A refusal that the audit log does not hold: nothing was changed, and what was refused is still the first thing to
    /// say, such as that the disk is full, which is then why there is no event.
    fileprivate func unrecorded(_ error: any Error) -> CommandFailure {
        CommandFailure(
            exitCode,
            "\(message) The audit log could not take the event of it: \(error).",
            hint: hint,
            code: code
        )
    }
}
