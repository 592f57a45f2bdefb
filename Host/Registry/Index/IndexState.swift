import Core
import PraximousJSON

/// The newest version of each index that this installation has seen, so that an old one cannot be passed off as new.
struct IndexState {
    private static let fileName = "index-state.json"
    private static let maxBytes = 1 << 20

    let folder: Folder

    /// The version seen last; nil when there was none.
    func version(of index: String) throws -> Int? { try read()[index]?["version"]?.intValue }

    /// Refuses an index that is older than what was seen, and remembers a newer one.
    func advance(_ index: String, to version: Int, digest: SHA256Digest) throws {
        var seen = try read()
        if let known = seen[index] {
            let last = known["version"]?.intValue ?? 0
            guard version >= last else {
                throw RegistryError.index("rollback: it is version \(version), this host has already seen \(last)")
            }
            if version == last, known["sha256"]?.stringValue == digest.hex { return }
        }
        seen[index] = ["version": .integer(version), "sha256": .string(digest.hex)]
        let json: JSON = ["format": 1, "indexes": .object(seen)]
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
