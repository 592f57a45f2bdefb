import Foundation
import GRDB

/// The tables of what plugins keep, and the statements on them.
enum PluginValuesSchema {
    static let migrations = [
        Migration(
            """
            CREATE TABLE plugin_stores (
                id         INTEGER PRIMARY KEY,
                plugin     TEXT NOT NULL UNIQUE,  -- owner/name
                revision   INTEGER NOT NULL,      -- of the last write, so that none ever comes back
                used_bytes INTEGER NOT NULL,      -- keys and values
                entries    INTEGER NOT NULL
            ) STRICT;
            CREATE TABLE plugin_values (
                id         INTEGER PRIMARY KEY,
                store      INTEGER NOT NULL REFERENCES plugin_stores(id),
                key        BLOB NOT NULL,
                revision   INTEGER NOT NULL,
                expires_at INTEGER,               -- microseconds since 1970, UTC; NULL: never
                value      BLOB NOT NULL,         -- last: the others are read without it
                UNIQUE (store, key)
            ) STRICT;
            CREATE INDEX plugin_values_expiry ON plugin_values (store, expires_at) WHERE expires_at IS NOT NULL
            """
        )
    ]

    /// What one plugin has in the file.
    struct Store {
        let id: Int64
        var revision: Int64
        var usedBytes: Int
        var entries: Int
    }

    /// One value's row without the value.
    struct Entry {
        let id: Int64
        let revision: Int64
        let expiresAt: Int64?
        let bytes: Int
    }

    static func store(of plugin: String, in database: Database) throws -> Store? {
        let statement = try database.cachedStatement(sql: "SELECT * FROM plugin_stores WHERE plugin = ?")
        guard let row = try Row.fetchOne(statement, arguments: [plugin]) else { return nil }
        return Store(id: row["id"], revision: row["revision"], usedBytes: row["used_bytes"], entries: row["entries"])
    }

    static func makeStore(of plugin: String, in database: Database) throws -> Store {
        try database.execute(
            sql: "INSERT INTO plugin_stores (plugin, revision, used_bytes, entries) VALUES (?, 0, 0, 0)",
            arguments: [plugin]
        )
        return Store(id: database.lastInsertedRowID, revision: 0, usedBytes: 0, entries: 0)
    }

    static func update(_ store: Store, in database: Database) throws {
        let statement = try database.cachedStatement(
            sql: "UPDATE plugin_stores SET revision = ?, used_bytes = ?, entries = ? WHERE id = ?"
        )
        try statement.execute(arguments: [store.revision, store.usedBytes, store.entries, store.id])
    }

    static func value(forKey key: Data, of plugin: String, at now: Int64, in database: Database) throws -> Row? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT v.value, v.revision FROM plugin_stores s JOIN plugin_values v ON v.store = s.id
                WHERE s.plugin = ? AND v.key = ? AND (v.expires_at IS NULL OR v.expires_at > ?)
                """
        )
        return try Row.fetchOne(statement, arguments: [plugin, key, now])
    }

    static func entry(forKey key: Data, of store: Store, in database: Database) throws -> Entry? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT id, revision, expires_at, length(key) + length(value) AS bytes
                FROM plugin_values WHERE store = ? AND key = ?
                """
        )
        guard let row = try Row.fetchOne(statement, arguments: [store.id, key]) else { return nil }
        return Entry(id: row["id"], revision: row["revision"], expiresAt: row["expires_at"], bytes: row["bytes"])
    }

    static func write(
        _ value: Data,
        forKey key: Data,
        expiresAt: Int64?,
        of store: Store,
        in database: Database
    ) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO plugin_values (store, key, revision, expires_at, value) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (store, key) DO UPDATE SET
                    revision = excluded.revision, expires_at = excluded.expires_at, value = excluded.value
                """
        )
        try statement.execute(arguments: [store.id, key, store.revision, expiresAt, value])
    }

    static func remove(_ entry: Entry, from store: inout Store, in database: Database) throws {
        let statement = try database.cachedStatement(sql: "DELETE FROM plugin_values WHERE id = ?")
        try statement.execute(arguments: [entry.id])
        store.usedBytes -= entry.bytes
        store.entries -= 1
        try update(store, in: database)
    }

    static func removeAll(of store: Store, in database: Database) throws {
        try database.execute(sql: "DELETE FROM plugin_values WHERE store = ?", arguments: [store.id])
        try database.execute(
            sql: "UPDATE plugin_stores SET used_bytes = 0, entries = 0 WHERE id = ?",
            arguments: [store.id]
        )
    }

    /// Removes expired values, the longest expired first, and answers how many.
    static func sweep(_ store: inout Store, at now: Int64, atMost limit: Int, in database: Database) throws -> Int {
        let statement = try database.cachedStatement(
            sql: """
                DELETE FROM plugin_values WHERE id IN (
                    SELECT id FROM plugin_values WHERE store = ? AND expires_at <= ? ORDER BY expires_at LIMIT ?
                ) RETURNING length(key) + length(value)
                """
        )
        let sizes = try Int.fetchAll(statement, arguments: [store.id, now, limit])
        guard !sizes.isEmpty else { return 0 }
        store.usedBytes -= sizes.reduce(0, +)
        store.entries -= sizes.count
        try update(store, in: database)
        return sizes.count
    }

    /// In byte order, as SQLite compares blobs.
    static func keys(
        withPrefix prefix: Data,
        of plugin: String,
        at now: Int64,
        atMost limit: Int,
        in database: Database
    ) throws -> [Data] {
        let statement = try database.cachedStatement(
            sql: """
                SELECT v.key FROM plugin_stores s JOIN plugin_values v ON v.store = s.id
                WHERE s.plugin = ?1 AND v.key >= ?2 AND (?3 IS NULL OR v.key < ?3)
                    AND (v.expires_at IS NULL OR v.expires_at > ?4)
                ORDER BY v.key LIMIT ?5
                """
        )
        return try Data.fetchAll(statement, arguments: [plugin, prefix, end(ofPrefix: prefix), now, limit])
    }

    /// The first key after all those with the prefix; nil when they are the last ones there can be.
    private static func end(ofPrefix prefix: Data) -> Data? {
        guard let last = prefix.lastIndex(where: { $0 < 0xFF }) else { return nil }
        var end = Data(prefix[...last])
        end[last] += 1
        return end
    }
}
