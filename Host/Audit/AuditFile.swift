import Core
import GRDB
import Storage

/// The audit database as its one writer sees it.
///
/// Used from the writer's thread alone.
final class AuditFile: Sendable {
    let queue: DatabaseQueue

    init(path: String, mode: AuditLog.Mode) throws {
        queue = try DatabaseFile.open(
            path,
            migrations: AuditSchema.migrations,
            durability: mode == .strict ? .full : .normal
        )
    }

    /// Commits all events in one transaction.
    ///
    /// An event whose request id is already there is left out and answered by its place; any other trouble takes the
    /// whole batch back.
    func append(_ items: [GroupCommit<AuditEvent, AuditWaiter>.Item]) throws -> [Int: AuditError] {
        var refused: [Int: AuditError] = [:]
        try queue.writeWithoutTransaction { database in
            try database.inTransaction(.immediate) {
                let statement = try database.cachedStatement(sql: AuditSchema.insert)
                let row = RowBinder(statement.sqliteStatement)
                for (index, item) in items.enumerated() {
                    guard let event = item.event else { continue }
                    AuditSchema.bind(event, to: row)
                    switch ResultCode(rawValue: row.run()) {
                    case .SQLITE_DONE: continue
                    case .SQLITE_CONSTRAINT_UNIQUE: refused[index] = .duplicateRequest(id: event.requestID)
                    case let code: throw DatabaseError(resultCode: code, message: database.lastErrorMessage)
                    }
                }
                return .commit
            }
        }
        return refused
    }

    /// Brings everything that is committed to the disk.
    func sync() throws {
        try queue.writeWithoutTransaction { database in
            _ = try database.checkpoint(.passive)
        }
    }

    func close() throws { try queue.close() }
}
