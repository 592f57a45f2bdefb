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
        let rebuilt = Set(built.map(\.manifest.version.description))
        var versions = kept.filter { !rebuilt.contains($0["version"]?.stringValue ?? "") }
        for version in Set(built.map(\.manifest.version)) {
            let old = kept.first { $0["version"]?.stringValue == version.description }
            versions.append(self.version(built.filter { $0.manifest.version == version }, old: old))
        }
        versions.sort { Self.number($0) > Self.number($1) }
        var json: JSONObject = [
            "summary": .string(newest?.description ?? ""), "kind": .string(newest?.kind.rawValue ?? "skill"),
        ]
        json["task_type"] = newest?.taskType.map(JSON.string)
        json["license"] = newest?.license.map(JSON.string)
        json["homepage"] = newest?.homepage.map(JSON.string)
        json["source"] = newest?.source.map(JSON.string)
        json["versions"] = .array(versions)
        return .object(json)
    }

    private static func number(_ version: JSON) -> SemanticVersion {
        version["version"]?.stringValue.flatMap { try? SemanticVersion.parse($0) } ?? SemanticVersion(0, 0, 0)
    }

    private func version(_ built: [BuiltPackage], old: JSON?) -> JSON {
        guard let manifest = built.first?.manifest else { return .null }
        var json: JSONObject = [
            "v": 1, "version": .string(manifest.version.description),
            "published": .string(builder.generated.description),
        ]
        json["min_host"] = manifest.minHost.map { .string($0.description) }
        json["abi"] = ["major": .integer(Int(manifest.abi.major)), "min_minor": .integer(Int(manifest.abi.minMinor))]
        json["permissions"] = .array(manifest.permissions.map { .string($0.kind) })
        json["depends"] = .array(
            manifest.dependencies.map { dependency in
                var entry: JSONObject = [
                    "name": .string(dependency.name.description),
                    "req": .string(dependency.requirement.description),
                ]
                if dependency.isOptional { entry["optional"] = true }
                return .object(entry)
            }
        )
        json["yanked"] = old?["yanked"] ?? .null
        json["security"] = old?["security"] ?? .null
        json["artifacts"] = .array(built.sorted { $0.platform < $1.platform }.map(artifact))
        return .object(json)
    }

    private func artifact(_ package: BuiltPackage) -> JSON {
        let parts = package.platform.split(separator: "-", maxSplits: 1)
        let file = package.path.split(separator: "/").last ?? ""
        var json: JSONObject = ["os": .string(String(parts.first ?? "")), "arch": .string(String(parts.last ?? ""))]
        json["libc"] = package.manifest.requires.libc.map(JSON.string)
        json["url"] = .string(urlPrefix + file)
        json["size"] = .integer(package.size)
        json["unpacked"] = .integer(package.unpackedBytes)
        json["sha256"] = .string(package.digest.hex)
        json["manifest_sha256"] = .string(package.manifestDigest.hex)
        json["publisher_key"] = .string(builder.key.publicKey.id)
        return .object(json)
    }
}
