package import Core

/// Writes single events into an audit log that another process may be writing to at the same time.
///
/// For commands that change something and end: SQLite lets one writer wait for the other, at most
/// ``DatabaseFile/busySeconds``, and each event is on the disk when `append` returns.
package struct AuditAppender: Sendable {
    private let file: AuditFile

    /// Opens the log, makes it if it is missing, and makes sure that it can be written.
    package init(path: String) throws {
        file = try AuditFile(path: path, mode: .strict)
        _ = try file.append([])
    }

    package func append(_ event: AuditEvent) throws {
        if let refused = try file.append([.init(event: event, waiter: nil)]).values.first { throw refused }
    }

    package func close() throws { try file.close() }
}
