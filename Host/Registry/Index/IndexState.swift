import Core
import PraximousJSON

/// What an installation has seen of one index, so that nothing older can be passed off as new.
struct IndexMemory: Sendable, Hashable {
    /// The newest root, as it came; nil for a store that is known by its keys alone.
    var root: String?
    var timestampVersion: Int?
    var timestampDigest: String?
    /// When the newest timestamp, or without one the newest index, was made.
    var issued: Timestamp?
    var version: Int?
    var digest: String?

    /// Takes in that the store's keys have changed.
    mutating func forgetVersions() {
        self = IndexMemory(root: root)
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
            timestampVersion: json["timestamp"]?["version"]?.intValue,
            timestampDigest: json["timestamp"]?["sha256"]?.stringValue,
            issued: json["issued"]?.stringValue.flatMap(Timestamp.init),
            version: json["version"]?.intValue,
            digest: json["sha256"]?.stringValue
        )
    }

    func remember(_ memory: IndexMemory, of name: String) throws {
        var seen = try read()
        var json: JSONObject = [:]
        json["root"] = memory.root.map(JSON.string)
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
