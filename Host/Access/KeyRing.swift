package import Core
package import Storage

/// Makes, lists, revokes and rotates the API keys of an installation.
///
/// Any process may: a host that serves sees each change with its next request.
package final class KeyRing: Sendable {
    package static let maxNameBytes = 100
    package static let maxGraceDays = 90

    private let store: KeyStore
    private let hashKey: HashKey
    private let clock: WallClock
    private var maker: KeyMaker { KeyMaker(hashKey: hashKey) }

    /// Opens the database and the hash key, and makes both where there are none.
    package init(root: InstallationRoot, clock: WallClock = .system) throws {
        let store = try KeyStore(path: root.database)
        self.store = store
        hashKey = try HashKey.open(root.hashKey) { try store.all().count }
        self.clock = clock
    }

    /// Makes a key.
    ///
    /// Without scopes it may do what its role may; without an expiry it is good until revoked. `expiresAt` is in
    /// microseconds since 1970 and in the future.
    package func create(
        name: String,
        role: Role,
        scopes: [Scope]? = nil,
        environment: KeyEnvironment = .live,
        expiresAt: Int64? = nil,
        limits: UsageLimits = .none,
        user: String? = nil,
        team: String? = nil
    ) throws -> NewKey {
        try checkName(name)
        try checkSubjects([user, team])
        if let beyond = scopes?.first(where: { !role.allows($0) }) {
            throw AccessError.scopeBeyondRole(scope: beyond.text, role: role.rawValue)
        }
        let now = clock.now()
        if let expiresAt, expiresAt <= now { throw AccessError.expiryInThePast }
        let made = maker.make { id in
            APIKeyRecord(
                id: id,
                name: name,
                role: role,
                scopes: scopes,
                environment: environment,
                createdAt: now,
                expiresAt: expiresAt,
                user: user,
                team: team
            )
        }
        try store.insert(made.stored, limits: limits)
        return NewKey(record: made.stored.record, secret: made.secret)
    }

    /// All keys, newest first, those that are no longer accepted included.
    package func list() throws -> [APIKeyRecord] {
        try store.all().map(\.record)
    }

    /// The limits of all keys, users and teams.
    package func limits() throws -> LimitTable { try store.limitTable() }

    /// Changes what a key may use and whom it belongs to; a running host hears of it within a second.
    package func change(_ id: String, _ change: (inout KeyAssignment) throws -> Void) throws -> APIKeyRecord {
        guard
            let key = try store.changeKey(
                id,
                { assignment in
                    try change(&assignment)
                    try checkSubjects([assignment.user, assignment.team])
                }
            )
        else { throw AccessError.unknownKey(id: id) }
        return key.record
    }

    /// Gives a user or team these limits; none takes them away.
    package func setLimits(_ limits: UsageLimits, for subject: LimitSubject) throws {
        try checkSubjects([subject.id])
        try store.setLimits(limits, for: subject)
    }

    /// Refuses the key from now on, everywhere.
    package func revoke(_ id: String) throws -> APIKeyRecord {
        guard let key = try store.revoke(id, at: clock.now()) else { throw AccessError.unknownKey(id: id) }
        return key.record
    }

    /// Makes a successor with the same name, rights and lifetime; the old key is refused after the grace period.
    package func rotate(_ id: String, grace: Duration = .zero) throws -> NewKey {
        guard grace >= .zero, grace <= .seconds(Self.maxGraceDays * 86_400) else {
            throw AccessError.graceTooLong(maxDays: Self.maxGraceDays)
        }
        guard let old = try store.find(id)?.record else { throw AccessError.unknownKey(id: id) }
        let now = clock.now()
        let made = maker.make { successor in
            APIKeyRecord(
                id: successor,
                name: old.name,
                role: old.role,
                scopes: old.scopes,
                environment: old.environment,
                createdAt: now,
                expiresAt: old.expiresAt.map { now + max(0, $0 - old.createdAt) },
                rotatedFrom: old.id,
                user: old.user,
                team: old.team
            )
        }
        let retiring = now + grace.components.seconds * 1_000_000
        guard try store.replace(id, with: made.stored, at: now, retiring: retiring) else {
            throw AccessError.notActive(id: id, state: old.state(at: now).rawValue)
        }
        return NewKey(record: made.stored.record, secret: made.secret)
    }

    /// Whether nobody could get in: no key was ever made here, and none comes from the environment.
    package func needsFirstKey(statics: StaticKeys) throws -> Bool {
        try statics.isEmpty && store.isEmpty()
    }

    /// Makes the first admin key, named `first-admin`; nil if there are keys already.
    ///
    /// Of two hosts that start at once, one makes it.
    package func createFirstAdminKey() throws -> NewKey? {
        let now = clock.now()
        let made = maker.make { id in
            APIKeyRecord(id: id, name: "first-admin", role: .admin, scopes: nil, environment: .live, createdAt: now)
        }
        guard try store.insertIfEmpty(made.stored) else { return nil }
        return NewKey(record: made.stored.record, secret: made.secret)
    }

    /// What checks the keys of requests.
    package func authenticator(statics: StaticKeys = .none) throws -> Authenticator {
        try Authenticator(store: store, hashKey: hashKey, statics: statics, clock: clock)
    }

    private func checkSubjects(_ names: [String?]) throws {
        if let name = names.compactMap({ $0 }).first(where: { !LimitSubject.isName($0) }) {
            throw AccessError.badSubject(name: name)
        }
    }

    private func checkName(_ name: String) throws {
        let isPrintable = name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        guard (1...Self.maxNameBytes).contains(name.utf8.count), isPrintable else {
            throw AccessError.badName(maxBytes: Self.maxNameBytes)
        }
    }
}
