import Core
import GRDB
import Foundation
import Storage

/// The audit database as its one writer sees it.
///
/// Used from the writer's thread alone.
final class AuditFile: Sendable {
    let queue: DatabaseQueue
    private let path: String
    private let identity: FileIdentity?

    init(path: String, mode: AuditLog.Mode) throws {
        queue = try DatabaseFile.open(
            path,
            migrations: AuditSchema.migrations,
            durability: mode == .strict ? .full : .normal
        )
        self.path = path
        identity = FileIdentity(path)
    }

    /// Rows written to a file that has no name any more would be lost without a word.
    private func checkFile() throws {
        guard FileIdentity(path) == identity else {
            let reason = "it was removed or replaced while the host runs; put it back or restart the host"
            throw StorageError.cannotOpen(path: path, reason: reason)
        }
    }

    /// Commits all events in one transaction.
    ///
    /// An event whose request id is already there is left out and answered by its place; any other trouble takes the
    /// whole batch back.
    func append(_ items: [GroupCommit<AuditEvent, AuditWaiter>.Item]) throws -> [Int: AuditError] {
        try checkFile()
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

/// Which file a path leads to; nil when to none.
private struct FileIdentity: Equatable {
    let device: UInt
    let number: UInt

    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        device = UInt(status.st_dev)
        number = UInt(status.st_ino)
    }
}
