import Core
import PraximousJSON

/// Writes skills.json from packages that were just built.
struct IndexWriter {
    let builder: StoreBuilder

    /// What `old` lists stays.
    ///
    /// A version that was built again replaces its old entry, and keeps what that says about having been taken back.
    func index(of shelved: [ShelvedPackage], old: JSON) -> JSON {
        let kept = old["packages"]?.objectValue ?? [:]
        let names = Set(shelved.map(\.built.manifest.name.description) + kept.keys).sorted()
        var packages = JSONObject()
        for name in names {
            let mine = shelved.filter { $0.built.manifest.name.description == name }
            packages[name] = mine.isEmpty ? kept[name] : package(mine, kept: kept[name]?["versions"]?.arrayValue ?? [])
        }
        var publishers = old["publishers"]?.objectValue ?? [:]
        for owner in Set(shelved.map(\.built.manifest.name.owner)).sorted() {
            publishers[owner] = publisher(owner, old: publishers[owner], packages)
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

    /// With the keys of `old` that versions which stay were signed with.
    private func publisher(_ owner: String, old: JSON?, _ packages: JSONObject) -> JSON {
        let own = builder.key.publicKey
        let key: JSON = ["id": .string(own.id), "ed25519": .string(own.base64)]
        let signers = packages.filter { $0.key.hasPrefix(owner + "/") }
            .flatMap { $0.value["versions"]?.arrayValue ?? [] }.flatMap { $0["artifacts"]?.arrayValue ?? [] }
            .compactMap { $0["publisher_key"]?.stringValue }
        let others = (old?["keys"]?.arrayValue ?? []).filter { key in
            guard let id = key["id"]?.stringValue else { return false }
            return id != own.id && signers.contains(id)
        }
        let isOfficial = owner == OfficialStore.owner
        return [
            "name": .string(isOfficial ? "Praximous" : owner), "tier": isOfficial ? "official" : "verified",
            "keys": .array([key] + others),
        ]
    }

    private func package(_ shelved: [ShelvedPackage], kept: [JSON]) -> JSON {
        let newest = shelved.map(\.built.manifest).max { $0.version < $1.version }
        let object = VersionObject(published: builder.generated, publisherKey: builder.key.publicKey.id)
        let new = shelved.filter(\.isNew)
        let rebuilt = Set(new.map(\.built.manifest.version))
        var versions = kept.filter { old in !rebuilt.contains { $0.description == old["version"]?.stringValue } }
        for version in rebuilt {
            let old = kept.first { $0["version"]?.stringValue == version.description }
            let mine = new.filter { $0.built.manifest.version == version }
            versions.append(object.json(of: mine.map { ($0.built, $0.url) }, old: old))
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
