import Core
import PraximousJSON

/// Writes skills.json from packages that were just built.
struct IndexWriter {
    let builder: StoreBuilder
    /// From the index to the packages, with a slash at its end.
    let urlPrefix: String

    /// What `old` lists stays.
    ///
    /// A version that was built again replaces its old entry, and keeps what that says about having been taken back.
    func index(of built: [BuiltPackage], old: JSON) -> JSON {
        var publishers = old["publishers"]?.objectValue ?? [:]
        for owner in Set(built.map(\.manifest.name.owner)).sorted() { publishers[owner] = publisher(owner) }
        let kept = old["packages"]?.objectValue ?? [:]
        let names = Set(built.map(\.manifest.name.description) + kept.keys).sorted()
        var packages = JSONObject()
        for name in names {
            let mine = built.filter { $0.manifest.name.description == name }
            packages[name] = mine.isEmpty ? kept[name] : package(mine, kept: kept[name]?["versions"]?.arrayValue ?? [])
        }
        return [
            "format": 1,
            "version": .integer(builder.indexVersion),
            "generated": .string(builder.generated.description),
            "expires": .string(builder.expires.description),
            "publishers": .object(publishers),
            "packages": .object(packages),
            "revoked": old["revoked"] ?? ["sha256": [], "keys": []],
        ]
    }

    private func publisher(_ owner: String) -> JSON {
        let key: JSON = [
            "id": .string(builder.key.publicKey.id), "ed25519": .string(builder.key.publicKey.base64),
        ]
        let isOfficial = owner == OfficialStore.owner
        return [
            "name": .string(isOfficial ? "Praximous" : owner), "tier": isOfficial ? "official" : "verified",
            "keys": [key],
        ]
    }

    private func package(_ built: [BuiltPackage], kept: [JSON]) -> JSON {
        let newest = built.max { $0.manifest.version < $1.manifest.version }?.manifest
        let object = VersionObject(published: builder.generated, publisherKey: builder.key.publicKey.id)
        let rebuilt = Set(built.map(\.manifest.version.description))
        var versions = kept.filter { !rebuilt.contains($0["version"]?.stringValue ?? "") }
        for version in Set(built.map(\.manifest.version)) {
            let old = kept.first { $0["version"]?.stringValue == version.description }
            let mine = built.filter { $0.manifest.version == version }
            versions.append(object.json(of: mine, urlPrefix: urlPrefix, old: old))
        }
        versions.sort { Self.number($0) > Self.number($1) }
        var json = newest.map(VersionObject.about) ?? ["summary": "", "kind": "skill"]
        json["versions"] = .array(versions)
        return .object(json)
    }

    static func number(_ version: JSON) -> SemanticVersion {
        version["version"]?.stringValue.flatMap { try? SemanticVersion.parse($0) } ?? SemanticVersion(0, 0, 0)
    }
}
