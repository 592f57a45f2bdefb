package import GRDB

/// One numbered step of a schema; a step that was released never changes.
package struct Migration: Sendable {
    let sql: String

    package init(_ sql: String) { self.sql = sql }
}

extension [Migration] {
    /// Brings a database to the last step, all in one transaction; `PRAGMA user_version` counts the steps done.
    ///
    /// The count is read inside the write transaction, so two processes that start at once do not both migrate.
    package func apply(to database: Database, path: String) throws {
        try database.inTransaction(.immediate) {
            let done = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            guard done <= count else {
                throw StorageError.newerDatabase(path: path, found: done, supported: count)
            }
            for (index, step) in enumerated().dropFirst(done) {
                try database.execute(sql: step.sql)
                try database.execute(sql: "PRAGMA user_version = \(index + 1)")
            }
            return .commit
        }
    }
}
