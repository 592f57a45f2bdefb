package import Core
import PraximousJSON

/// What an operator trusts beyond what ships with the host: `config/trust.json`, which `plugins index` and `plugins key`
/// write.
///
/// One file for all of it, so that one copy takes a host's trust to another machine. It holds no secrets.
package struct TrustFile: Sendable, Hashable {
    private static let maxBytes = 8 << 20
    private static let fileName = "trust.json"

    /// Indexes beside the default one.
    package var indexes: [IndexEntry] = []
    /// Keys trusted for the default index and for local packages, with what their owner called them.
    package var keys: [PublicKey] = []
    /// Ids of keys that count for nothing here.
    package var revokedKeys: Set<String> = []

    package init() {}

    /// Nothing where there is no file; throws where it cannot be read, as half a trust is none.
    package init(_ root: InstallationRoot) throws {
        guard let folder = try Folder.openIfPresent(root.configFolder), try folder.status(Self.fileName) != nil else {
            self.init()
            return
        }
        try self.init(folder.openFile(Self.fileName).readAll(maxBytes: Self.maxBytes))
    }

    init(_ bytes: [UInt8]) throws {
        let json: JSON
        do { json = try JSON.parse(bytes) } catch { throw Self.damaged("\(error)") }
        guard json["format"]?.intValue == 1 else { throw Self.damaged("its format is not 1") }
        indexes = try (json["indexes"]?.arrayValue ?? []).map(Self.entry)
        guard Set(indexes.map(\.name)).count == indexes.count else { throw Self.damaged("an index stands there twice") }
        keys = try (json["keys"]?.arrayValue ?? []).map(Self.key)
        revokedKeys = Set((json["revoked_keys"]?.arrayValue ?? []).compactMap(\.stringValue))
    }

    private static func entry(_ json: JSON) throws -> IndexEntry {
        guard let name = json["name"]?.stringValue, IndexEntry.isName(name), let url = json["url"]?.stringValue else {
            throw damaged("an index has no name, or no url")
        }
        let root = try json["root"]?.stringValue.map { text throws -> TrustRoot in
            do { return try TrustRoot(Array(text.utf8)) } catch { throw damaged("the root of index \(name)") }
        }
        let keys = try (json["keys"]?.arrayValue ?? []).map(key)
        guard root != nil || !keys.isEmpty else { throw damaged("index \(name) has neither keys nor a root") }
        let days = json["max_age_days"]?.intValue
        guard days.map(IndexEntry.ages.contains) ?? true else { throw damaged("index \(name) has an odd max_age_days") }
        let anchor = TrustAnchor(keys: keys, root: root)
        return IndexEntry(name: name, address: url, anchor: anchor, maxAgeDays: days)
    }

    private static func key(_ json: JSON) throws -> PublicKey {
        guard let key = json.stringValue.flatMap(PublicKey.init(text:)) else { throw damaged("a key is none") }
        return key
    }

    private static func damaged(_ reason: String) -> RegistryError {
        RegistryError(
            .usage,
            "trust_file_damaged",
            "config/\(fileName) cannot be read: \(reason).",
            hint: "Correct it, or remove it and add the indexes and keys again."
        )
    }

    /// Changes the file, read anew and held so that no other change is lost.
    package static func change(_ root: InstallationRoot, _ body: (inout TrustFile) throws -> Void) throws {
        let lock = try FileLock.wait(Folder.make(root.configFolder), ".trust.lock")
        defer { withExtendedLifetime(lock) {} }
        var trust = try TrustFile(root)
        try body(&trust)
        try trust.write(root)
    }

    /// Writes the file, whole or not at all.
    func write(_ root: InstallationRoot) throws {
        try Folder.make(root.configFolder).replaceFile(Self.fileName, with: encoded())
    }

    private func encoded() -> [UInt8] {
        let entries = indexes.map { entry -> JSON in
            var json: JSONObject = ["name": .string(entry.name), "url": .string(entry.address)]
            json["keys"] = .array(entry.anchor.keys.map { .string($0.base64) })
            json["root"] = entry.anchor.root.map { .string(String(decoding: $0.encoded(), as: UTF8.self)) }
            json["max_age_days"] = entry.maxAgeDays.map(JSON.integer)
            return .object(json)
        }
        let json: JSON = [
            "format": 1, "indexes": .array(entries), "keys": .array(keys.map { .string($0.base64) }),
            "revoked_keys": .array(revokedKeys.sorted().map(JSON.string)),
        ]
        return json.indented()
    }
}

extension StorePolicy {
    /// The policy with what the operator trusts besides.
    package func with(_ trust: TrustFile) -> StorePolicy {
        var policy = self
        policy.keys += trust.keys.filter { !policy.keys.contains($0) }
        policy.indexes += trust.indexes
        policy.revokedKeys.formUnion(trust.revokedKeys)
        return policy
    }
}
