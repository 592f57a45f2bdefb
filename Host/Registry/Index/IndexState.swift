import Core
import PraximousJSON

/// What an installation has seen of one index, so that nothing older can be passed off as new.
struct IndexMemory: Sendable, Hashable {
    /// The newest root, as it came; nil for a store that is known by its keys alone.
    var root: String?
    /// What vouched for its first root: ids of keys, or the digest of the root the operator gave.
    var rootAnchors: [String] = []
    /// Ids of the keys that signed the newest index.
    var signers: [String] = []
    var timestampVersion: Int?
    var timestampDigest: String?
    /// When the newest timestamp, or without one the newest index, was made.
    var issued: Timestamp?
    var version: Int?
    var digest: String?

    /// Takes in that the store's keys have changed.
    mutating func forgetVersions() {
        self = IndexMemory(root: root, rootAnchors: rootAnchors)
    }

    /// Nothing, where what its root rests on is not believed any more: a revoked key must not live on in roots that it
    /// brought in.
    func believed(by anchor: TrustAnchor) -> IndexMemory {
        guard root != nil else { return self }
        let known = Set(anchor.identities)
        return rootAnchors.contains(where: known.contains) ? self : IndexMemory()
    }

    /// Whether `other` is older: two processes may each have seen something new.
    func isNewer(than other: IndexMemory) -> Bool {
        func rootVersion(_ memory: IndexMemory) -> Int {
            memory.root.flatMap { try? TrustRoot(Array($0.utf8)).version } ?? 0
        }
        let (mine, others) = (rootVersion(self), rootVersion(other))
        guard mine == others else { return mine > others && rootAnchors == other.rootAnchors }
        return (timestampVersion ?? 0, version ?? 0) > (other.timestampVersion ?? 0, other.version ?? 0)
            && root == other.root
    }
}

/// The memory of all indexes: `data/index-state.json`.
struct IndexState {
    private static let fileName = "index-state.json"
    private static let maxBytes = 16 << 20

    let folder: Folder

    /// What is known of the index `name`; nothing when it was never seen.
    func memory(of name: String) throws -> IndexMemory {
        guard let json = try read()[name] else { return IndexMemory() }
        return IndexMemory(
            root: json["root"]?.stringValue,
            rootAnchors: (json["root_anchors"]?.arrayValue ?? []).compactMap(\.stringValue),
            signers: (json["signers"]?.arrayValue ?? []).compactMap(\.stringValue),
            timestampVersion: json["timestamp"]?["version"]?.intValue,
            timestampDigest: json["timestamp"]?["sha256"]?.stringValue,
            issued: json["issued"]?.stringValue.flatMap(Timestamp.init),
            version: json["version"]?.intValue,
            digest: json["sha256"]?.stringValue
        )
    }

    /// What another process has seen meanwhile is never replaced by something older.
    func remember(_ memory: IndexMemory, of name: String) throws {
        let lock = try FileLock.wait(folder, "index-state.lock")
        defer { withExtendedLifetime(lock) {} }
        guard try !self.memory(of: name).isNewer(than: memory) else { return }
        var seen = try read()
        var json: JSONObject = [:]
        json["root"] = memory.root.map(JSON.string)
        if !memory.rootAnchors.isEmpty { json["root_anchors"] = .array(memory.rootAnchors.map(JSON.string)) }
        if !memory.signers.isEmpty { json["signers"] = .array(memory.signers.map(JSON.string)) }
        if let version = memory.timestampVersion {
            json["timestamp"] = [
                "version": .integer(version), "sha256": memory.timestampDigest.map(JSON.string) ?? .null,
            ]
        }
        json["issued"] = memory.issued.map { .string($0.description) }
        json["version"] = memory.version.map(JSON.integer)
        json["sha256"] = memory.digest.map(JSON.string)
        guard seen[name] != .object(json) else { return }
        seen[name] = .object(json)
        try write(seen)
    }

    /// Forgets an index that was removed.
    func forget(_ name: String) throws {
        let lock = try FileLock.wait(folder, "index-state.lock")
        defer { withExtendedLifetime(lock) {} }
        var seen = try read()
        guard seen[name] != nil else { return }
        seen[name] = nil
        try write(seen)
    }

    private func write(_ indexes: JSONObject) throws {
        let json: JSON = ["format": 1, "indexes": .object(indexes)]
        try folder.replaceFile(Self.fileName, with: json.encoded() + [0x0a])
    }

    private func read() throws -> JSONObject {
        guard try folder.status(Self.fileName) != nil else { return JSONObject() }
        let bytes = try folder.openFile(Self.fileName).readAll(maxBytes: Self.maxBytes)
        guard let json = try? JSON.parse(bytes), let indexes = json["indexes"]?.objectValue else {
            throw RegistryError(
                .verificationFailed,
                "index_state_damaged",
                "\(folder.path)/\(Self.fileName) cannot be read, so an old index could not be told from a new one.",
                hint: "Remove the file if you know that nobody tampered with it."
            )
        }
        return indexes
    }
}
