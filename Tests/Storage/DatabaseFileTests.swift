import Foundation
import GRDB
import Storage
import TestSupport
import Testing

@Suite struct DatabaseFileTests {
    private let migrations = [
        Migration("CREATE TABLE one (number INTEGER)"),
        Migration("CREATE TABLE two (number INTEGER REFERENCES one)"),
    ]

    @Test("a new database is in WAL mode, syncs each commit, checks references and belongs to its owner alone")
    func opensPrivately() throws {
        let folder = try TemporaryFolder()
        let queue = try DatabaseFile.open(folder.path + "/data/keys.db", migrations: migrations)
        let settings = try queue.read { database in
            try ["journal_mode", "synchronous", "foreign_keys", "user_version"].map {
                try String.fetchOne(database, sql: "PRAGMA \($0)")
            }
        }
        #expect(settings == ["wal", "2", "1", "2"])
        #expect(try folder.mode(of: "data") == 0o700)
        #expect(try folder.mode(of: "data/keys.db") == 0o600)
        #expect(try folder.mode(of: "data/keys.db-wal") == 0o600)
    }

    @Test("an older database gets the missing steps and keeps its rows")
    func migrates() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/a.db"
        try DatabaseFile.open(path, migrations: Array(migrations.prefix(1))).write {
            try $0.execute(sql: "INSERT INTO one VALUES (7)")
        }
        let rows = try DatabaseFile.open(path, migrations: migrations).read {
            try Int.fetchAll($0, sql: "SELECT number FROM one UNION ALL SELECT count(*) FROM two")
        }
        #expect(rows == [7, 0])
    }

    @Test("a step that fails leaves the database as it was")
    func migratesWholly() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/a.db"
        let broken = migrations + [Migration("CREATE TABLE one (again INTEGER)")]
        #expect(throws: StorageError.cannotOpen(path: path, reason: "table one already exists")) {
            try DatabaseFile.open(path, migrations: broken)
        }
        let version = try DatabaseFile.open(path, migrations: []).read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_master")
        }
        #expect(version == 0)
    }

    @Test("the database of a newer host is refused, for writing and for reading")
    func refusesNewer() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/a.db"
        _ = try DatabaseFile.open(path, migrations: migrations)
        let older = Array(migrations.prefix(1))
        let expected = StorageError.newerDatabase(path: path, found: 2, supported: 1)
        #expect(throws: expected) { try DatabaseFile.open(path, migrations: older) }
        #expect(throws: expected) { try DatabaseFile.openReadOnly(path, migrations: older) }
        #expect(expected.description.contains("a newer prax-host made it"))
    }

    @Test("reading a database that is not there says so and makes none")
    func missing() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/none.db"
        #expect(throws: StorageError.missing(path: path)) { try DatabaseFile.openReadOnly(path, migrations: []) }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("a file that is no database is refused with a reason")
    func refusesGarbage() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/a.db"
        try Data(repeating: 65, count: 5000).write(to: URL(fileURLWithPath: path))
        #expect(throws: StorageError.cannotOpen(path: path, reason: "file is not a database")) {
            try DatabaseFile.open(path, migrations: migrations)
        }
    }

    @Test("many who open a new database at once all succeed")
    func opensAtOnce() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/a.db"
        let migrations = migrations
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { _ = try DatabaseFile.open(path, migrations: migrations) }
            }
            try await group.waitForAll()
        }
    }

    @Test("a change by another connection is seen, and nothing else is taken for one")
    func watches() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/a.db"
        let queue = try DatabaseFile.open(path, migrations: migrations)
        let watcher = try ChangeWatcher(path: path)
        let first = try watcher.version()
        #expect(try watcher.version() == first)
        try queue.write { try $0.execute(sql: "INSERT INTO one VALUES (1)") }
        let second = try watcher.version()
        #expect(second != first)
        _ = try queue.read { try Int.fetchAll($0, sql: "SELECT number FROM one") }
        #expect(try watcher.version() == second)
    }
}
