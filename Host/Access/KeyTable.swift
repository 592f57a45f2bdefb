import Core
import Storage

/// The keys in memory, as the database had them at one version.
struct KeyTable: Sendable {
    struct Entry: Sendable {
        let hash: KeyHash
        let principal: Principal
        let expiresAt: Int64?
        let revokedAt: Int64?
    }

    private(set) var version: Int64
    private var entries: [String: Entry]

    init(_ keys: [StoredAPIKey], version: Int64) {
        self.version = version
        entries = [:]
        entries.reserveCapacity(keys.count)
        for key in keys {
            // A hash of another length cannot match: the key is as good as unknown.
            guard let hash = KeyHash(key.hash) else { continue }
            entries[key.record.id] = Entry(
                hash: hash,
                principal: key.record.principal,
                expiresAt: key.record.expiresAt,
                revokedAt: key.record.revokedAt
            )
        }
    }

    subscript(id: String) -> Entry? { entries[id] }
}
