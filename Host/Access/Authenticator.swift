package import Core
import Storage
import Synchronization

/// Turns the key of a request into who asks.
///
/// Costs a few microseconds and never waits for the disk, but for the reload after a change.
///
/// A change by any process counts from the next request on: each one asks SQLite whether the database has changed.
package final class Authenticator: Sendable {
    /// Longer texts are no key of ours, and are not hashed.
    package static let maxKeyBytes = StaticKeys.maximumLength

    private let store: KeyStore
    private let watcher: ChangeWatcher
    private let hashKey: HashKey
    private let statics: [UInt64: StaticEntry]
    private let clock: WallClock
    private let state: Mutex<State>
    /// Takes the place of an unknown key's hash, so that it costs the same to be unknown as to be wrong.
    private let dummy = KeyHash()

    private struct State {
        var table: KeyTable
        var used: [String: Int64] = [:]
    }

    private struct StaticEntry: Sendable {
        let hash: KeyHash
        let principal: Principal
    }

    init(store: KeyStore, hashKey: HashKey, statics: StaticKeys, clock: WallClock) throws {
        self.store = store
        self.hashKey = hashKey
        self.clock = clock
        watcher = try ChangeWatcher(path: store.path)
        // The version is asked first: a change in between is then seen twice, not missed.
        let version = try watcher.version()
        state = Mutex(State(table: KeyTable(try store.all(), version: version)))
        self.statics = Self.entries(statics, hashKey)
    }

    package func authenticate(_ presented: Secret?) -> Result<Principal, Failure> {
        guard let presented, !presented.exposed.isEmpty else { return .failure(.missingKey) }
        var text = presented.exposed
        return text.withUTF8 { bytes in
            guard bytes.count <= Self.maxKeyBytes else { return .failure(.invalidKey) }
            let hash = hashKey.hash(bytes)
            guard let id = APIKeyText.id(of: bytes) else { return authenticateStatic(hash) }
            return authenticate(id: id, hash: hash)
        }
    }

    /// Whether the key of this public id, which was accepted before, would be accepted now.
    package func isAccepted(keyID: String) -> Bool {
        if statics.values.contains(where: { $0.principal.keyID == keyID }) { return true }
        let now = clock.now()
        return state.withLock { state in
            // When the keys cannot be read, nobody has been told that this one is revoked.
            guard (try? refresh(&state)) != nil else { return true }
            guard let entry = state.table[keyID] else { return false }
            let isOver = { (moment: Int64?) in moment.map { $0 <= now } ?? false }
            return !isOver(entry.revokedAt) && !isOver(entry.expiresAt)
        }
    }

    private func refresh(_ state: inout State) throws {
        let version = try watcher.version()
        if version != state.table.version { state.table = KeyTable(try store.all(), version: version) }
    }

    private func authenticate(id: String, hash: KeyHash) -> Result<Principal, Failure> {
        let now = clock.now()
        return state.withLock { state in
            do {
                try refresh(&state)
            } catch {
                return .failure(.keysUnreadable)
            }
            let entry = state.table[id]
            let matches = hash.matches(entry?.hash ?? dummy)
            // A key in our own format may also have been given as a static one.
            guard let entry, matches else { return authenticateStatic(hash) }
            if let revokedAt = entry.revokedAt, revokedAt <= now { return .failure(.revokedKey) }
            if let expiresAt = entry.expiresAt, expiresAt <= now { return .failure(.expiredKey) }
            state.used[id] = now
            return .success(entry.principal)
        }
    }

    /// The table is entered by a keyed hash, of which nobody outside can choose or learn a part.
    private func authenticateStatic(_ hash: KeyHash) -> Result<Principal, Failure> {
        let entry = statics[hash.words.0]
        let matches = hash.matches(entry?.hash ?? dummy)
        guard let entry, matches else { return .failure(.invalidKey) }
        return .success(entry.principal)
    }

    private static func entries(_ statics: StaticKeys, _ hashKey: HashKey) -> [UInt64: StaticEntry] {
        var entries: [UInt64: StaticEntry] = [:]
        for key in statics.keys {
            let hash = hashKey.hash(key.secret.exposed)
            let digits = hash.bytes.prefix(5).map { byte in
                (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
            let principal = Principal(keyID: "env_" + digits.joined(), name: key.name, role: key.role)
            entries[hash.words.0] = StaticEntry(hash: hash, principal: principal)
        }
        return entries
    }
}

extension Authenticator {
    /// How often the times of last use are written.
    package static let lastUsedInterval = Duration.seconds(60)

    /// Writes the times of last use once a minute until the task is cancelled, and once more then.
    package func run() async throws {
        repeat {
            // Cancellation ends the sleep; what was used since is written all the same.
            try? await Task.sleep(for: Self.lastUsedInterval)
            try await flushLastUsed()
        } while !Task.isCancelled
    }

    /// Writes the times of last use that are not yet in the database.
    package func flushLastUsed() async throws {
        let used = state.withLock { state in
            defer { state.used = [:] }
            return state.used
        }
        guard !used.isEmpty else { return }
        // A task of its own, as the database gives up a write when its task is cancelled: also the last one of `run`.
        try await Task { [store] in try await store.noteUse(used) }.value
    }
}

private extension Failure {
    static let missingKey = Failure(
        .unauthenticated,
        code: "missing_api_key",
        message: "Not authenticated: API key is missing.",
        hint: "Send the key in the header X-API-Key, or as Authorization: Bearer."
    )
    static let invalidKey = denied("invalid_api_key")
    static let revokedKey = denied("revoked_api_key")
    static let expiredKey = denied("expired_api_key")
    static let keysUnreadable = Failure(
        .unavailable,
        code: "keys_unreadable",
        message: "The API keys could not be checked.",
        hint: "Check the installation's data folder; `prax-host doctor` tells more."
    )

    static func denied(_ code: String) -> Failure {
        Failure(.denied, code: code, message: "Access denied: Invalid API key.")
    }
}
