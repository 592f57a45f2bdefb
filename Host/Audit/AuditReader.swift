import Core
import GRDB
import Storage

/// Reads the audit log, from the host or from another process while the host writes.
package final class AuditReader: Sendable {
    package static let defaultPage = 50
    package static let largestPage = 1000

    private let pool: DatabasePool

    /// Opens an existing log; throws `StorageError.missing` where there is none.
    package init(path: String) throws {
        pool = try DatabaseFile.openReadOnly(path, migrations: AuditSchema.migrations)
    }

    /// The newest events that match, `limit` of them within 1...1000, starting after the cursor of the page before.
    package func page(
        limit: Int = AuditReader.defaultPage,
        before cursor: AuditCursor? = nil,
        filter: AuditFilter = AuditFilter()
    ) async throws -> AuditPage {
        let limit = min(max(limit, 1), Self.largestPage)
        var query = filter.query
        if let cursor { query.add("sequence < ?", cursor.sequence) }
        let sql = "SELECT * FROM audit_events\(query.condition) ORDER BY sequence DESC LIMIT \(limit + 1)"
        let found = try await pool.read { [query] database in
            try Row.fetchAll(database, sql: sql, arguments: StatementArguments(query.arguments))
                .map(AuditSchema.decode)
        }
        let events = Array(found.prefix(limit))
        let next = found.count > limit ? events.last.map { AuditCursor(sequence: $0.sequence) } : nil
        return AuditPage(events: events, next: next)
    }

    /// How many events match; it looks at all of them.
    package func count(filter: AuditFilter = AuditFilter()) async throws -> Int {
        let query = filter.query
        return try await pool.read { database in
            try Int.fetchOne(
                database,
                sql: "SELECT count(*) FROM audit_events\(query.condition)",
                arguments: StatementArguments(query.arguments)
            ) ?? 0
        }
    }

    package func event(requestID: String) async throws -> StoredAuditEvent? {
        try await pool.read { database in
            try Row.fetchOne(
                database,
                sql: "SELECT * FROM audit_events WHERE request_id = ?",
                arguments: [requestID]
            ).map(AuditSchema.decode)
        }
    }
}
