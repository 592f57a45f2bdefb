package import Core
import Foundation
import GRDB

/// The plugins' own key-value stores, one name space each, in SQLite.
///
/// Keys and values are any bytes. Every function waits for the disk, and any thread may call it. A write survives the
/// end of the process; a power cut may take the last ones, never a part of one.
package final class PluginValues: Sendable {
    /// So many expired values are removed by the way.
    private static let sweepBatch = 200

    private let queue: DatabaseQueue
    private let limits: PluginValuesLimits
    private let clock: WallClock

    package init(path: String, limits: PluginValuesLimits = PluginValuesLimits(), clock: WallClock = .system) throws {
        self.limits = limits
        self.clock = clock
        queue = try DatabaseFile.open(path, migrations: PluginValuesSchema.migrations, durability: .normal)
        try queue.writeWithoutTransaction { database in
            let pageBytes = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 4096
            // Beyond it SQLite answers as on a full disk.
            try database.execute(sql: "PRAGMA max_page_count = \(max(1, limits.maxFileBytes / pageBytes))")
            try database.execute(sql: "PRAGMA journal_size_limit = \(16 << 20)")
        }
    }

    /// A value with its revision; one that has expired is not there.
    package func value(
        forKey key: [UInt8],
        of plugin: PluginName
    ) throws(PluginValuesError) -> (bytes: [UInt8], revision: UInt64) {
        try check(key)
        let now = clock.now()
        let found = try perform { queue in
            try queue.read { database in
                try PluginValuesSchema.value(forKey: Data(key), of: plugin.description, at: now, in: database).map {
                    ([UInt8]($0["value"] as Data), $0["revision"] as Int64)
                }
            }
        }
        guard let (bytes, revision) = found else { throw .notFound }
        return (bytes, UInt64(revision))
    }

    /// Writes over `expectedRevision` alone, with 0 over whatever is there, and answers the new revision.
    ///
    /// A plugin's revisions only grow, also over deletion and expiry, so a reader of an old one never wins by chance.
    /// `timeToLiveSeconds` 0 keeps the value for ever.
    @discardableResult
    package func put(
        _ value: [UInt8],
        forKey key: [UInt8],
        of plugin: PluginName,
        expectedRevision: UInt64 = 0,
        timeToLiveSeconds: UInt32 = 0,
        quotaBytes: Int
    ) throws(PluginValuesError) -> UInt64 {
        try check(key)
        guard value.count <= limits.maxValueBytes else {
            throw .valueTooLarge(bytes: value.count, limit: limits.maxValueBytes)
        }
        let now = clock.now()
        let write = PluginValueWrite(
            key: Data(key),
            value: Data(value),
            expectedRevision: expectedRevision,
            expiresAt: timeToLiveSeconds == 0 ? nil : now + Int64(timeToLiveSeconds) * 1_000_000,
            quotaBytes: quotaBytes,
            maxEntries: limits.maxEntries,
            sweepBatch: Self.sweepBatch
        )
        // A refusal commits too: what was swept on the way stays swept.
        return try transaction { try write.perform(for: plugin.description, at: now, in: $0) }.get()
    }

    /// Nothing happens when there is no such value.
    package func removeValue(forKey key: [UInt8], of plugin: PluginName) throws(PluginValuesError) {
        try check(key)
        try transaction { database in
            guard
                var store = try PluginValuesSchema.store(of: plugin.description, in: database),
                let entry = try PluginValuesSchema.entry(forKey: Data(key), of: store, in: database)
            else { return }
            try PluginValuesSchema.remove(entry, from: &store, in: database)
        }
    }

    /// The keys with a prefix in byte order, and whether these are all: at most as many as the limit says are listed.
    package func keys(
        withPrefix prefix: [UInt8],
        of plugin: PluginName
    ) throws(PluginValuesError) -> (keys: [[UInt8]], isComplete: Bool) {
        let now = clock.now()
        let limit = limits.maxListedKeys
        let found = try perform { queue in
            try queue.read {
                try PluginValuesSchema.keys(
                    withPrefix: Data(prefix),
                    of: plugin.description,
                    at: now,
                    atMost: limit + 1,
                    in: $0
                )
            }
        }
        return (found.prefix(limit).map { [UInt8]($0) }, found.count <= limit)
    }

    /// What a plugin's keys and values take, with those that have expired and were not removed yet.
    package func usage(of plugin: PluginName) throws(PluginValuesError) -> (bytes: Int, entries: Int) {
        let store = try perform { queue in
            try queue.read { try PluginValuesSchema.store(of: plugin.description, in: $0) }
        }
        return (store?.usedBytes ?? 0, store?.entries ?? 0)
    }

    /// Forgets all that a plugin kept.
    package func removeAll(of plugin: PluginName) throws(PluginValuesError) {
        try transaction { database in
            guard let store = try PluginValuesSchema.store(of: plugin.description, in: database) else { return }
            try PluginValuesSchema.removeAll(of: store, in: database)
        }
    }

    private func check(_ key: [UInt8]) throws(PluginValuesError) {
        guard !key.isEmpty else { throw .emptyKey }
        guard key.count <= limits.maxKeyBytes else {
            throw .keyTooLarge(bytes: key.count, limit: limits.maxKeyBytes)
        }
    }

    private func transaction<Value>(_ body: (Database) throws -> Value) throws(PluginValuesError) -> Value {
        try perform { queue in
            try queue.writeWithoutTransaction { database in
                var value: Value?
                try database.inTransaction(.immediate) {
                    value = try body(database)
                    return .commit
                }
                guard let value else { throw PluginValuesError.unavailable(reason: "nothing was committed") }
                return value
            }
        }
    }

    private func perform<Value>(_ body: (DatabaseQueue) throws -> Value) throws(PluginValuesError) -> Value {
        do {
            return try body(queue)
        } catch let error as PluginValuesError {
            throw error
        } catch let error as DatabaseError {
            throw .unavailable(reason: error.reason)
        } catch {
            throw .unavailable(reason: "\(error)")
        }
    }
}
