package import Core
import GRDB

/// The API keys of the installation, in SQLite.
///
/// Every statement about them is in this folder.
package final class KeyStore: Sendable {
    private let queue: DatabaseQueue
    package let path: String

    package init(path: String) throws {
        self.path = path
        queue = try DatabaseFile.open(path, migrations: KeySchema.migrations)
    }

    /// All keys, newest first.
    package func all() throws -> [StoredAPIKey] {
        try queue.read { try KeySchema.all(in: $0) }
    }

    package func find(_ id: String) throws -> StoredAPIKey? {
        try queue.read { try KeySchema.find(id, in: $0) }
    }

    package func isEmpty() throws -> Bool {
        try queue.read { try KeySchema.isEmpty(in: $0) }
    }

    /// Stores a key together with its limits.
    package func insert(_ key: StoredAPIKey, limits: UsageLimits = .none) throws {
        try queue.write { database in
            try KeySchema.insert(key, into: database)
            try LimitSchema.set(limits, for: LimitSubject(.key, key.record.id), in: database)
        }
    }

    /// Stores the key only if it is the first; of two processes that try at once, one is told false.
    package func insertIfEmpty(_ key: StoredAPIKey) throws -> Bool {
        try queue.write { database in
            guard try KeySchema.isEmpty(in: database) else { return false }
            try KeySchema.insert(key, into: database)
            return true
        }
    }

    /// Refuses the key from `time` on; an earlier revocation stays.
    ///
    /// Answers the key as it is now, nil if unknown.
    package func revoke(_ id: String, at time: Int64) throws -> StoredAPIKey? {
        try queue.write { database in
            try KeySchema.revoke(id, at: time, in: database)
            return try KeySchema.find(id, in: database)
        }
    }

    /// Stores the successor and retires the old key in one transaction; false if the old one is no longer usable.
    package func replace(_ id: String, with successor: StoredAPIKey, at now: Int64, retiring: Int64) throws -> Bool {
        try queue.write { database in
            guard let old = try KeySchema.find(id, in: database) else { return false }
            guard old.record.state(at: now) == .active else { return false }
            try KeySchema.insert(successor, into: database)
            try KeySchema.revoke(id, at: retiring, in: database)
            return true
        }
    }

    /// Moves each key's last use forward, never back.
    package func noteUse(_ times: [String: Int64]) async throws {
        try await queue.write { try KeySchema.noteUse(times, in: $0) }
    }
}

extension KeyStore {
    /// The limits of all keys, users and teams.
    package func limitTable() throws -> LimitTable {
        try queue.read { try LimitSchema.table(in: $0) }
    }

    /// Gives a user or team these limits; none takes them away.
    package func setLimits(_ limits: UsageLimits, for subject: LimitSubject) throws {
        try queue.write { try LimitSchema.set(limits, for: subject, in: $0) }
    }

    /// Changes a key's limits, user and team in one transaction; answers the key as it is now, nil if unknown.
    package func changeKey(_ id: String, _ change: (inout KeyAssignment) throws -> Void) throws -> StoredAPIKey? {
        try queue.write { database in
            guard let key = try KeySchema.find(id, in: database)?.record else { return nil }
            let table = try LimitSchema.table(in: database)
            let account = table.account(ofKey: id)
            var assignment = KeyAssignment(limits: table.limits[account] ?? .none, user: key.user, team: key.team)
            try change(&assignment)
            try LimitSchema.set(assignment.limits, for: account, in: database)
            try KeySchema.assign(id, user: assignment.user, team: assignment.team, in: database)
            return try KeySchema.find(id, in: database)
        }
    }
}
