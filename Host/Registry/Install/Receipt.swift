package import Core
import PraximousJSON

/// What is installed, where it came from and what was consented to.
///
/// Written last, removed first: what has no receipt is not installed.
package struct Receipt: Sendable, Hashable {
    static let maxBytes = 8 << 20

    package var name: PluginName
    package var version: SemanticVersion
    package var kind: String
    package var taskType: String?
    /// The folder below `plugins/store`.
    package var storePath: String
    package var archiveDigest: SHA256Digest
    /// Of META/MANIFEST.json, and so of every file.
    package var contentDigest: SHA256Digest
    /// The index it came from; nil for a file.
    package var index: String?
    /// The name that index had here, and the id of a key that signed it.
    package var indexName: String?
    package var indexKey: String?
    package var trust: TrustLevel
    /// Who signed META/MANIFEST.json; nil when nobody did.
    package var key: PublicKey?
    /// The permissions consented to, as ``Permission/tokens``.
    package var permissions: [String]
    package var installedAt: Timestamp
    /// Kept for a rollback.
    package var previousVersion: SemanticVersion?
    package var previousStorePath: String?
    package var files: [String: PackageManifest.File]
}

extension Receipt {
    init(_ bytes: [UInt8], name source: String) throws {
        func damaged(_ what: String) -> RegistryError {
            RegistryError(
                .verificationFailed,
                "receipt_damaged",
                "The receipt \(source) cannot be read: \(what).",
                hint: "Install the plugin again."
            )
        }
        let json: JSON
        do { json = try JSON.parse(bytes) } catch { throw damaged("\(error)") }
        guard json["format"]?.intValue == 1 else { throw damaged("its format is not 1") }
        do {
            name = try PluginName.parse(json["name"]?.stringValue ?? "")
            version = try SemanticVersion.parse(json["version"]?.stringValue ?? "")
            previousVersion = try json["previous_version"]?.stringValue.map { try SemanticVersion.parse($0) }
        } catch { throw damaged("\(error)") }
        guard let archive = json["archive_sha256"]?.stringValue.flatMap(SHA256Digest.init(hex:)),
            let content = json["content_sha256"]?.stringValue.flatMap(SHA256Digest.init(hex:)),
            let trust = json["trust"]?.stringValue.flatMap(TrustLevel.init),
            let installedAt = json["installed_at"]?.stringValue.flatMap(Timestamp.init),
            let storePath = json["store"]?.stringValue
        else { throw damaged("a member is missing") }
        kind = json["kind"]?.stringValue ?? "skill"
        taskType = json["task_type"]?.stringValue
        archiveDigest = archive
        contentDigest = content
        index = json["index"]?.stringValue
        indexName = json["index_name"]?.stringValue
        indexKey = json["index_key"]?.stringValue
        key = json["key"]?.stringValue.flatMap(PublicKey.init(text:))
        self.trust = trust
        self.installedAt = installedAt
        self.storePath = storePath
        previousStorePath = json["previous_store"]?.stringValue
        permissions = (json["permissions"]?.arrayValue ?? []).compactMap(\.stringValue)
        files = [:]
        for member in json["files"]?.objectValue ?? [:] { files[member.key] = PackageManifest.File(member.value) }
        // A receipt must not lead out of the store.
        guard Self.isPlain(storePath, of: name), previousStorePath.map({ Self.isPlain($0, of: name) }) ?? true else {
            throw damaged("it names a folder outside the store")
        }
    }

    private static func isPlain(_ path: String, of name: PluginName) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 3 && parts[0] == name.owner && parts[1] == name.name && !parts[2].hasPrefix(".")
    }

    func encoded() -> [UInt8] {
        var fileList = JSONObject()
        for path in files.keys.sorted() { fileList[path] = files[path]?.json }
        var json: JSONObject = [
            "format": 1,
            "name": .string(name.description),
            "version": .string(version.description),
            "kind": .string(kind),
        ]
        json["task_type"] = taskType.map(JSON.string)
        json["store"] = .string(storePath)
        json["archive_sha256"] = .string(archiveDigest.hex)
        json["content_sha256"] = .string(contentDigest.hex)
        json["index"] = index.map(JSON.string)
        json["index_name"] = indexName.map(JSON.string)
        json["index_key"] = indexKey.map(JSON.string)
        json["trust"] = .string(trust.rawValue)
        json["key_id"] = key.map { .string($0.id) }
        json["key"] = key.map { .string($0.base64) }
        json["permissions"] = .array(permissions.map(JSON.string))
        json["installed_at"] = .string(installedAt.description)
        json["previous_version"] = previousVersion.map { .string($0.description) }
        json["previous_store"] = previousStorePath.map(JSON.string)
        json["files"] = .object(fileList)
        return JSON.object(json).encoded() + [0x0a]
    }
}

extension PackageManifest.File {
    var json: JSON {
        [
            "sha256": .string(digest.hex), "size": .integer(size),
            "mode": .string("0" + String(mode, radix: 8)),
        ]
    }

    init?(_ json: JSON) {
        guard let digest = json["sha256"]?.stringValue.flatMap(SHA256Digest.init(hex:)),
            let size = json["size"]?.intValue, size >= 0,
            let mode = json["mode"]?.stringValue.flatMap({ UInt32($0, radix: 8) })
        else { return nil }
        self.init(digest: digest, size: size, mode: mode)
    }
}
