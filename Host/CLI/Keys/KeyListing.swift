import Access
import Core
import PraximousJSON
import Storage

/// How keys are shown: never the key itself.
enum KeyListing {
    static func json(_ record: APIKeyRecord) -> JSON {
        let now = WallClock.system.now()
        return [
            "id": .string(record.id),
            "name": .string(record.name),
            "role": .string(record.role.rawValue),
            "scopes": record.scopes.map { .array($0.map { .string($0.text) }) } ?? .null,
            "environment": .string(record.environment.rawValue),
            "state": .string(record.state(at: now).rawValue),
            "created_at": .string(ISOTime.text(record.createdAt)),
            "expires_at": time(record.expiresAt),
            "revoked_at": time(record.revokedAt),
            "last_used_at": time(record.lastUsedAt),
            "rotated_from": record.rotatedFrom.map(JSON.string) ?? .null,
        ]
    }

    static func row(_ record: APIKeyRecord) -> [String] {
        [
            record.id, record.name, record.role.rawValue, record.state(at: WallClock.system.now()).rawValue,
            ISOTime.text(record.createdAt), record.expiresAt.map(ISOTime.text) ?? "-",
            record.lastUsedAt.map(ISOTime.text) ?? "-",
        ]
    }

    private static func time(_ microseconds: Int64?) -> JSON {
        microseconds.map { .string(ISOTime.text($0)) } ?? .null
    }
}
