import Foundation
package import GRDB

/// Opens the installation's SQLite files, all in the same way: WAL, foreign keys, a busy timeout, mode 0600.
package enum DatabaseFile {
    /// How a commit reaches the disk.
    package enum Durability: String, Sendable {
        /// Every commit waits for the disk: it survives a power cut.
        case full = "FULL"
        /// A commit survives the end of the process; a power cut takes what was not synced since.
        case normal = "NORMAL"
    }

    /// A statement waits this long for another process's transaction.
    package static let busySeconds = 5.0

    /// Opens for reading and writing; makes the folder (0700) and the file (0600), and migrates.
    package static func open(
        _ path: String,
        migrations: [Migration],
        durability: Durability = .full
    ) throws -> DatabaseQueue {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        try PrivateFile.createFolder(folder)
        try PrivateFile.createEmpty(path)
        return try FolderLock.whileHeld(on: folder) {
            do {
                var configuration = baseConfiguration
                configuration.journalMode = .wal
                let queue = try DatabaseQueue(path: path, configuration: configuration)
                try queue.writeWithoutTransaction { database in
                    // GRDB sets NORMAL when it turns to WAL, so this comes after.
                    try database.execute(sql: "PRAGMA synchronous = \(durability.rawValue)")
                    try migrations.apply(to: database, path: path)
                }
                return queue
            } catch let error as DatabaseError {
                throw StorageError.cannotOpen(path: path, reason: error.reason)
            }
        }
    }

    /// Opens an existing file for reading, also while another process writes to it.
    package static func openReadOnly(_ path: String, migrations: [Migration]) throws -> DatabasePool {
        guard access(path, F_OK) == 0 else { throw StorageError.missing(path: path) }
        do {
            var configuration = baseConfiguration
            configuration.readonly = true
            configuration.maximumReaderCount = 2
            let pool = try DatabasePool(path: path, configuration: configuration)
            let found = try pool.read { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 }
            guard found <= migrations.count else {
                throw StorageError.newerDatabase(path: path, found: found, supported: migrations.count)
            }
            return pool
        } catch let error as DatabaseError {
            throw StorageError.cannotOpen(path: path, reason: error.reason)
        }
    }

    private static var baseConfiguration: Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(busySeconds)
        return configuration
    }
}

extension DatabaseError {
    /// SQLite's words without the statement or its arguments.
    package var reason: String { message ?? "SQLite error \(resultCode.rawValue)" }
}
