import Core
import Foundation
import GRDB

/// The table of the API keys, and the statements on it.
enum KeySchema {
    static let migrations = [
        Migration(
            """
            CREATE TABLE api_keys (
                id           TEXT PRIMARY KEY,     -- public part of the key's text
                name         TEXT NOT NULL,
                role         TEXT NOT NULL,
                scopes       TEXT,                 -- space-separated; NULL: all of the role
                environment  TEXT NOT NULL,
                hash         BLOB NOT NULL,        -- HMAC-SHA256 of the whole text under data/hash.key
                created_at   INTEGER NOT NULL,     -- microseconds since 1970, UTC, as all times here
                expires_at   INTEGER,
                revoked_at   INTEGER,              -- refused from then on; may lie in the future
                last_used_at INTEGER,
                rotated_from TEXT REFERENCES api_keys(id)
            ) STRICT
            """
        ),
        Migration(
            """
            ALTER TABLE api_keys ADD COLUMN user TEXT;
            ALTER TABLE api_keys ADD COLUMN team TEXT;
            \(LimitSchema.table)
            """
        ),
    ]

    static func all(in database: Database) throws -> [StoredAPIKey] {
        try Row.fetchAll(database, sql: "SELECT * FROM api_keys ORDER BY created_at DESC, id").map(decode)
    }

    static func find(_ id: String, in database: Database) throws -> StoredAPIKey? {
        try Row.fetchOne(database, sql: "SELECT * FROM api_keys WHERE id = ?", arguments: [id]).map(decode)
    }

    static func isEmpty(in database: Database) throws -> Bool {
        try Bool.fetchOne(database, sql: "SELECT NOT EXISTS (SELECT 1 FROM api_keys)") ?? true
    }

    static func insert(_ key: StoredAPIKey, into database: Database) throws {
        let record = key.record
        try database.execute(
            sql: """
                INSERT INTO api_keys
                    (id, name, role, scopes, environment, hash, created_at, expires_at, revoked_at, rotated_from,
                     user, team)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                record.id, record.name, record.role.rawValue,
                record.scopes?.map(\.text).joined(separator: " "),
                record.environment.rawValue, Data(key.hash),
                record.createdAt, record.expiresAt, record.revokedAt, record.rotatedFrom,
                record.user, record.team,
            ]
        )
    }

    static func revoke(_ id: String, at time: Int64, in database: Database) throws {
        try database.execute(
            sql: "UPDATE api_keys SET revoked_at = min(?, coalesce(revoked_at, ?)) WHERE id = ?",
            arguments: [time, time, id]
        )
    }

    static func assign(_ id: String, user: String?, team: String?, in database: Database) throws {
        try database.execute(sql: "UPDATE api_keys SET user = ?, team = ? WHERE id = ?", arguments: [user, team, id])
    }

    static func noteUse(_ times: [String: Int64], in database: Database) throws {
        let statement = try database.makeStatement(
            sql: "UPDATE api_keys SET last_used_at = max(?, coalesce(last_used_at, 0)) WHERE id = ?"
        )
        for (id, time) in times {
            try statement.execute(arguments: [time, id])
        }
    }

    private static func decode(_ row: Row) throws -> StoredAPIKey {
        let id: String = row["id"]
        guard let role = Role(rawValue: row["role"]) else { throw unknown("role", of: id) }
        guard let environment = KeyEnvironment(rawValue: row["environment"]) else {
            throw unknown("environment", of: id)
        }
        let record = APIKeyRecord(
            id: id,
            name: row["name"],
            role: role,
            scopes: try scopes(row["scopes"], of: id),
            environment: environment,
            createdAt: row["created_at"],
            expiresAt: row["expires_at"],
            revokedAt: row["revoked_at"],
            lastUsedAt: row["last_used_at"],
            rotatedFrom: row["rotated_from"],
            user: row["user"],
            team: row["team"]
        )
        let hash: Data = row["hash"]
        return StoredAPIKey(record: record, hash: [UInt8](hash))
    }

    private static func scopes(_ text: String?, of id: String) throws -> [Scope]? {
        try text?.split(separator: " ").map { word in
            guard let scope = Scope(String(word)) else { throw unknown("scopes", of: id) }
            return scope
        }
    }

    private static func unknown(_ column: String, of id: String) -> StorageError {
        .badRow(table: "api_keys", id: id, column: column)
    }
}
