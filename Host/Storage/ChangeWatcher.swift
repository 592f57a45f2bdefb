import Foundation
import GRDBSQLite
import Synchronization

/// Tells whether another connection, of this process or another, has changed a database since the last question.
///
/// It asks `PRAGMA data_version` on a connection of its own, with SQLite's C calls: the question is put before every
/// authenticated request and must cost a few microseconds.
package final class ChangeWatcher: Sendable {
    private let connection: Mutex<Connection>

    package init(path: String) throws {
        connection = Mutex(try Connection(path: path))
    }

    /// A number that differs from the last one if and only if something was committed in between.
    package func version() throws -> Int64 {
        try connection.withLock { try $0.dataVersion() }
    }

    /// Owns the handle; the mutex around it makes the use from any thread safe, so SQLite's own mutex is off.
    private struct Connection: ~Copyable, @unchecked Sendable {
        private let handle: OpaquePointer
        private let question: OpaquePointer
        private let path: String

        init(path: String) throws {
            var handle: OpaquePointer?
            let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX
            let opened = sqlite3_open_v2(path, &handle, flags, nil)
            guard opened == SQLITE_OK, let handle else {
                sqlite3_close_v2(handle)
                throw StorageError.cannotOpen(path: path, reason: String(cString: sqlite3_errstr(opened)))
            }
            sqlite3_busy_timeout(handle, Int32(DatabaseFile.busySeconds * 1000))
            var question: OpaquePointer?
            let sql = "PRAGMA data_version"
            let prepared = sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &question, nil)
            guard prepared == SQLITE_OK, let question else {
                sqlite3_close_v2(handle)
                throw StorageError.cannotOpen(path: path, reason: String(cString: sqlite3_errstr(prepared)))
            }
            self.handle = handle
            self.question = question
            self.path = path
        }

        deinit {
            sqlite3_finalize(question)
            sqlite3_close_v2(handle)
        }

        func dataVersion() throws -> Int64 {
            defer { sqlite3_reset(question) }
            let result = sqlite3_step(question)
            guard result == SQLITE_ROW else {
                throw StorageError.cannotOpen(path: path, reason: String(cString: sqlite3_errstr(result)))
            }
            return sqlite3_column_int64(question, 0)
        }
    }
}
