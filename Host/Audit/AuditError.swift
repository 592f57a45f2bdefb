package import Core

/// Why an event could not be recorded, or the log not be read.
package enum AuditError: Error, Sendable, Hashable {
    case closed
    /// A write failed and none has succeeded since: nothing more is accepted.
    case unhealthy(reason: String)
    case writeFailed(reason: String)
    case duplicateRequest(id: String)
    /// The log was closed while the disk refused these events.
    case lost(events: Int, reason: String)
    case badRow(sequence: Int64, column: String)
}

extension AuditError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .closed: "the audit log is closed: the host is shutting down"
        case .unhealthy(let reason): "the audit log cannot be written (\(reason)); requests are refused until it can"
        case .writeFailed(let reason): "the audit log could not be written: \(reason)"
        case .duplicateRequest(let id): "the audit log already has a request \(id)"
        case .lost(let events, let reason): "\(events) audit events could not be written at shutdown: \(reason)"
        case .badRow(let sequence, let column): "audit event \(sequence) has an unknown value in column \(column)"
        }
    }

    /// What a caller hears: a request that cannot be recorded is not served.
    package var failure: Failure {
        Failure(
            .unavailable,
            code: "audit_unavailable",
            message: "The request could not be recorded in the audit log.",
            hint: "Check the free space and the health of the disk below the installation's data folder."
        )
    }
}
