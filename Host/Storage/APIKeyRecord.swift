package import Core

/// What may be shown of an API key.
///
/// Its text is shown once, when it is made, and is stored nowhere.
package struct APIKeyRecord: Sendable, Hashable {
    package enum State: String, Sendable {
        case active
        /// Rotated with a grace period that has not ended: still accepted.
        case retiring
        case revoked
        case expired
    }

    package let id: String
    package let name: String
    package let role: Role
    /// Nil means all scopes of the role.
    package let scopes: [Scope]?
    package let environment: KeyEnvironment
    /// Times are microseconds since 1970 in UTC.
    package let createdAt: Int64
    package let expiresAt: Int64?
    /// From then on the key is refused; it may lie in the future.
    package let revokedAt: Int64?
    package let lastUsedAt: Int64?
    /// The key that this one took over from.
    package let rotatedFrom: String?
    /// Whose limits and budgets count beside the key's own.
    package let user: String?
    package let team: String?

    package init(
        id: String,
        name: String,
        role: Role,
        scopes: [Scope]?,
        environment: KeyEnvironment,
        createdAt: Int64,
        expiresAt: Int64? = nil,
        revokedAt: Int64? = nil,
        lastUsedAt: Int64? = nil,
        rotatedFrom: String? = nil,
        user: String? = nil,
        team: String? = nil
    ) {
        self.id = id
        self.name = name
        self.role = role
        self.scopes = scopes
        self.environment = environment
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
        self.lastUsedAt = lastUsedAt
        self.rotatedFrom = rotatedFrom
        self.user = user
        self.team = team
    }

    package func state(at time: Int64) -> State {
        if let revokedAt, revokedAt <= time { return .revoked }
        if let expiresAt, expiresAt <= time { return .expired }
        return revokedAt == nil ? .active : .retiring
    }

    package var principal: Principal {
        Principal(
            keyID: id,
            name: name,
            role: role,
            scopes: scopes,
            environment: environment,
            user: user,
            team: team
        )
    }
}

/// A key's record with the keyed hash of its text; the hash is not printed.
package struct StoredAPIKey: Sendable, CustomStringConvertible, CustomReflectable {
    package let record: APIKeyRecord
    package let hash: [UInt8]

    package init(record: APIKeyRecord, hash: [UInt8]) {
        self.record = record
        self.hash = hash
    }

    package var description: String { "key \(record.id)" }
    package var customMirror: Mirror { Mirror(self, children: ["record": record]) }
}
