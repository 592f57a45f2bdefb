import Core
import PraximousJSON

/// `root.json`: which keys speak for which role of a store, and how many of them must agree.
///
/// The form is that of TUF's root role (The Update Framework, specification 1.0.33, 4.3), without the role `snapshot`:
/// a store has one index file, so its timestamp names it directly.
package struct TrustRoot: Sendable, Hashable {
    /// The keys of one role.
    package struct Role: Sendable, Hashable {
        package let keys: [PublicKey]
        /// So many of them must sign; at least one.
        package let threshold: Int

        package init(keys: [PublicKey], threshold: Int) {
            self.keys = keys
            self.threshold = threshold
        }
    }

    /// What python-tuf accepts, too.
    package static let maxBytes = 512 << 10
    /// New roots that one update follows at most.
    static let maxRotations = 256
    private static let maxKeys = 64

    package let version: Int
    package let expires: Timestamp
    package let root: Role
    package let timestamp: Role
    package let index: Role

    package init(version: Int, expires: Timestamp, root: Role, timestamp: Role, index: Role) {
        self.version = version
        self.expires = expires
        self.root = root
        self.timestamp = timestamp
        self.index = index
    }

    package init(_ bytes: [UInt8]) throws {
        guard bytes.count <= Self.maxBytes else { throw RegistryError.root("it has more than \(Self.maxBytes) bytes") }
        let json: JSON
        do { json = try JSON.parse(bytes, limits: JSONLimits(maxDepth: 8, maxValues: 10_000)) } catch {
            throw RegistryError.root("\(error)")
        }
        guard json["format"]?.intValue == 1, json["type"]?.stringValue == SignedRole.root.rawValue else {
            throw RegistryError.root("it is no root of format 1")
        }
        guard let version = json["version"]?.intValue, version > 0, version < 1 << 53 else {
            throw RegistryError.root("it has no version number")
        }
        guard let expires = json["expires"]?.stringValue.flatMap(Timestamp.init) else {
            throw RegistryError.root("expires is no time such as 2027-11-22T19:00:00Z")
        }
        self.version = version
        self.expires = expires
        let keys = try Self.keys(json["keys"])
        root = try Self.role(.root, json["roles"], keys)
        timestamp = try Self.role(.timestamp, json["roles"], keys)
        index = try Self.role(.index, json["roles"], keys)
    }

    private static func keys(_ json: JSON?) throws -> [String: PublicKey] {
        guard let members = json?.objectValue, members.count <= maxKeys else {
            throw RegistryError.root("it lists no keys, or more than \(maxKeys)")
        }
        var keys: [String: PublicKey] = [:]
        for member in members {
            // Were the id free, one key could stand under two and count twice.
            guard let key = member.value["ed25519"]?.stringValue.flatMap(PublicKey.init(text:)), key.id == member.key
            else { throw RegistryError.root("key \(member.key.quotedForMessage(limit: 20)) is not what its id says") }
            keys[key.id] = key
        }
        return keys
    }

    private static func role(_ role: SignedRole, _ roles: JSON?, _ keys: [String: PublicKey]) throws -> Role {
        func refused(_ reason: String) -> RegistryError { .root("the role \(role.rawValue) \(reason)") }
        guard let json = roles?[role.rawValue], let list = json["keys"]?.arrayValue else { throw refused("is missing") }
        let ids = list.compactMap(\.stringValue)
        guard ids.count == list.count, Set(ids).count == ids.count else { throw refused("lists a key twice") }
        let found = ids.compactMap { keys[$0] }
        guard found.count == ids.count else { throw refused("lists a key that is not among the root's keys") }
        guard let threshold = json["threshold"]?.intValue, threshold > 0, threshold <= found.count else {
            throw refused("has a threshold that its keys cannot reach")
        }
        return Role(keys: found, threshold: threshold)
    }

    package func encoded() -> [UInt8] {
        let all = (root.keys + timestamp.keys + index.keys).sorted { $0.id < $1.id }
        var keys = JSONObject()
        for key in all { keys[key.id] = ["ed25519": .string(key.base64)] }
        func json(_ role: Role) -> JSON {
            ["keys": .array(role.keys.map { .string($0.id) }), "threshold": .integer(role.threshold)]
        }
        let document: JSON = [
            "format": 1, "type": .string(SignedRole.root.rawValue), "version": .integer(version),
            "expires": .string(expires.description), "keys": .object(keys),
            "roles": ["root": json(root), "timestamp": json(timestamp), "index": json(index)],
        ]
        return document.indented()
    }
}

extension TrustRoot {
    /// The root that follows this one: the next version, vouched for by enough keys of this one and of its own.
    func successor(_ bytes: [UInt8], _ signature: [UInt8]) throws -> TrustRoot {
        let next = try TrustRoot(bytes)
        guard next.version == version + 1 else {
            throw RegistryError.root("it is version \(next.version), the one that follows \(version) was expected")
        }
        let file = try SignatureFile(signature, of: "the store's root \(next.version)")
        let subject = "The store's root \(next.version)"
        try file.require(root, of: bytes, as: .root, subject: subject)
        try file.require(next.root, of: bytes, as: .root, subject: subject)
        return next
    }

    /// The same without keys that the operator has revoked; what they were needed for, fewer must not do.
    func without(_ revoked: Set<String>) -> TrustRoot {
        guard !revoked.isEmpty else { return self }
        func role(_ role: Role) -> Role {
            Role(keys: role.keys.filter { !revoked.contains($0.id) }, threshold: role.threshold)
        }
        return TrustRoot(
            version: version,
            expires: expires,
            root: role(root),
            timestamp: role(timestamp),
            index: role(index)
        )
    }

    /// Whether what was seen under `old` must be forgotten: a thief of its keys may have driven the version numbers so
    /// high that nothing honest could ever follow (TUF, 5.3.11).
    func replacesKeys(of old: TrustRoot) -> Bool {
        Set(timestamp.keys) != Set(old.timestamp.keys) || Set(index.keys) != Set(old.index.keys)
    }
}
