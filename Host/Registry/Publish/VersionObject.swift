import Core
import PraximousJSON

/// One version in the index, and what the index says about a package in all.
struct VersionObject {
    let published: Timestamp
    /// The id of the key that signed the packages.
    let publisherKey: String

    /// `built`: the packages of one version, a platform each; `old` keeps what it says about having been taken back.
    func json(of built: [(package: BuiltPackage, url: String)], old: JSON?) -> JSON {
        guard let manifest = built.first?.package.manifest else { return .null }
        var json: JSONObject = [
            "v": 1, "version": .string(manifest.version.description),
            "published": .string(published.description),
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
        json["artifacts"] = .array(
            built.sorted { $0.package.platform < $1.package.platform }.map(artifact)
        )
        return .object(json)
    }

    private func artifact(_ package: BuiltPackage, _ url: String) -> JSON {
        let parts = package.platform.split(separator: "-", maxSplits: 1)
        var json: JSONObject = ["os": .string(String(parts.first ?? "")), "arch": .string(String(parts.last ?? ""))]
        json["libc"] = package.manifest.requires.libc.map(JSON.string)
        json["url"] = .string(url)
        json["size"] = .integer(package.size)
        json["unpacked"] = .integer(package.unpackedBytes)
        json["sha256"] = .string(package.digest.hex)
        json["manifest_sha256"] = .string(package.manifestDigest.hex)
        json["publisher_key"] = .string(publisherKey)
        return .object(json)
    }

    /// What the index says about a package beside its versions.
    static func about(_ newest: Manifest) -> JSONObject {
        var json: JSONObject = [
            "summary": .string(newest.description), "kind": .string(newest.kind.rawValue),
        ]
        json["task_type"] = newest.taskType.map(JSON.string)
        json["license"] = newest.license.map(JSON.string)
        json["homepage"] = newest.homepage.map(JSON.string)
        json["source"] = newest.source.map(JSON.string)
        return json
    }
}
