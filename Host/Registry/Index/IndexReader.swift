import Core
import PraximousJSON

/// Reads skills.json, format 1.
///
/// What is not JSON, or not an index, is an error. What a later store may add - unknown members, a version object with
/// another `v`, a platform, a name this host would not accept - is left out, some of it with a warning.
package struct IndexReader {
    package static let maxBytes = 16 << 20
    /// More than this is no package that somebody meant to write.
    private static let maxDependencies = 64
    private static let limits = JSONLimits(maxDepth: 32, maxValues: 2_000_000)

    package private(set) var warnings: [String] = []

    package init() {}

    package mutating func read(_ bytes: [UInt8]) throws -> StoreIndex {
        guard bytes.count <= Self.maxBytes else { throw RegistryError.index("it has more than \(Self.maxBytes) bytes") }
        let json: JSON
        do { json = try JSON.parse(bytes, limits: Self.limits) } catch { throw RegistryError.index("\(error)") }
        guard json.objectValue != nil else { throw RegistryError.index("it is a JSON \(json.typeName), not an object") }
        guard json["format"]?.intValue == 1 else {
            throw RegistryError.index(
                "its format is \(json["format"]?.text.prefix(20) ?? "not given"), this host reads 1"
            )
        }
        guard let version = json["version"]?.intValue, version >= 0 else {
            throw RegistryError.index("it has no version number")
        }
        guard let packages = json["packages"]?.objectValue else { throw RegistryError.index("it has no packages") }
        return StoreIndex(
            version: version,
            generated: json["generated"]?.stringValue.flatMap(Timestamp.init),
            expires: try moment(json["expires"], called: "expires"),
            publishers: publishers(json["publishers"]),
            packages: sorted(packages),
            revokedDigests: Set(texts(json["revoked"]?["sha256"]).compactMap(SHA256Digest.init(hex:))),
            revokedKeys: Set(texts(json["revoked"]?["keys"]))
        )
    }

    /// Absent is fine, unreadable is not: an expiry that cannot be read must not become "never".
    private func moment(_ json: JSON?, called name: String) throws -> Timestamp? {
        guard let json else { return nil }
        guard let moment = json.stringValue.flatMap(Timestamp.init) else {
            throw RegistryError.index("\(name) is no time such as 2026-11-22T19:00:00Z")
        }
        return moment
    }

    private func publishers(_ json: JSON?) -> [String: StoreIndex.Publisher] {
        var publishers: [String: StoreIndex.Publisher] = [:]
        for member in json?.objectValue ?? [:] {
            let keys = (member.value["keys"]?.arrayValue ?? []).compactMap(publisherKey)
            publishers[member.key] = StoreIndex.Publisher(
                name: member.value["name"]?.stringValue ?? member.key,
                url: member.value["url"]?.stringValue,
                isVerified: ["verified", "official"].contains(member.value["tier"]?.stringValue),
                keys: keys
            )
        }
        return publishers
    }

    /// A key with dates that cannot be read is no key.
    private func publisherKey(_ json: JSON) -> StoreIndex.PublisherKey? {
        guard let key = json["ed25519"]?.stringValue.flatMap(PublicKey.init(text:)) else { return nil }
        let dates = [json["from"], json["until"]].map { $0?.stringValue.flatMap(Timestamp.init) }
        guard (json["from"] == nil) == (dates[0] == nil), (json["until"] == nil) == (dates[1] == nil) else {
            return nil
        }
        return StoreIndex.PublisherKey(key: key, from: dates[0], until: dates[1])
    }

    /// Names are sorted before the packages are read: they are much smaller.
    private mutating func sorted(_ packages: JSONObject) -> [StoreIndex.Package] {
        var names: [(name: PluginName, json: JSON)] = []
        names.reserveCapacity(packages.count)
        for member in packages {
            do { names.append((try PluginName.parse(member.key), member.value)) } catch {
                warnings.append("An entry of the index was skipped: \(error).")
            }
        }
        names.sort { $0.name < $1.name }
        return names.map { package($0.name, $0.json) }
    }

    private mutating func package(_ name: PluginName, _ json: JSON) -> StoreIndex.Package {
        let versions = (json["versions"]?.arrayValue ?? []).compactMap { version($0, of: name) }
        return StoreIndex.Package(
            name: name,
            summary: json["summary"]?.stringValue ?? "",
            kind: json["kind"]?.stringValue ?? "skill",
            license: json["license"]?.stringValue,
            homepage: json["homepage"]?.stringValue,
            taskType: json["task_type"]?.stringValue,
            categories: texts(json["categories"]),
            deprecated: json["deprecated"]?.stringValue,
            versions: versions.sorted { $0.version > $1.version }
        )
    }

    private mutating func version(_ json: JSON, of name: PluginName) -> StoreIndex.Version? {
        guard json["v"]?.intValue == 1 else { return nil }
        guard let version = json["version"]?.stringValue.flatMap({ try? SemanticVersion.parse($0) }) else {
            warnings.append("A version of \(name) in the index was skipped: it has no version number.")
            return nil
        }
        let minHost = json["min_host"]?.stringValue.flatMap { try? SemanticVersion.parse($0) }
        let abi = json["abi"]
        guard (json["min_host"] ?? .null) == .null || minHost != nil,
            let major = UInt32(exactly: abi?["major"]?.intValue ?? 1),
            let minor = UInt32(exactly: abi?["min_minor"]?.intValue ?? 0)
        else {
            warnings.append("\(name) \(version) in the index was skipped: its min_host or abi cannot be read.")
            return nil
        }
        guard let dependencies = dependencies(json["depends"]) else {
            warnings.append("\(name) \(version) in the index was skipped: what it depends on cannot be read.")
            return nil
        }
        return StoreIndex.Version(
            version: version,
            published: json["published"]?.stringValue,
            minHost: minHost,
            abiMajor: major,
            abiMinMinor: minor,
            permissions: texts(json["permissions"]),
            dependencies: dependencies,
            yanked: yanked(json["yanked"]),
            advisory: advisory(json["security"]),
            artifacts: (json["artifacts"]?.arrayValue ?? []).compactMap(artifact)
        )
    }

    /// nil when one of them cannot be read: a version is not installed without what it needs.
    private func dependencies(_ json: JSON?) -> [Manifest.Dependency]? {
        guard let json, json != .null else { return [] }
        guard let list = json.arrayValue, list.count <= Self.maxDependencies else { return nil }
        let dependencies = list.compactMap { entry -> Manifest.Dependency? in
            guard let name = entry["name"]?.stringValue.flatMap({ try? PluginName.parse($0) }),
                let requirement = try? VersionRequirement.parse(entry["req"]?.stringValue ?? "*")
            else { return nil }
            return Manifest.Dependency(
                name: name,
                requirement: requirement,
                isOptional: entry["optional"]?.boolValue ?? false
            )
        }
        return dependencies.count == list.count ? dependencies : nil
    }

    private func advisory(_ json: JSON?) -> StoreIndex.Advisory? {
        guard let id = json?["id"]?.stringValue else { return nil }
        return StoreIndex.Advisory(
            id: id,
            severity: json?["severity"]?.stringValue,
            fixedIn: json?["fixed_in"]?.stringValue
        )
    }

    /// Anything but null and false takes a version back.
    private func yanked(_ json: JSON?) -> String? {
        guard let json, json != .null, json != false else { return nil }
        return json["reason"]?.stringValue ?? json.stringValue ?? "no reason given"
    }

    private func artifact(_ json: JSON) -> StoreIndex.Artifact? {
        guard let os = json["os"]?.stringValue, let arch = json["arch"]?.stringValue,
            let url = json["url"]?.stringValue, let size = json["size"]?.intValue, size > 0,
            let digest = json["sha256"]?.stringValue.flatMap(SHA256Digest.init(hex:))
        else { return nil }
        return StoreIndex.Artifact(
            os: os,
            arch: arch,
            libc: json["libc"]?.stringValue,
            url: url,
            size: size,
            unpacked: json["unpacked"]?.intValue,
            digest: digest,
            manifestDigest: json["manifest_sha256"]?.stringValue.flatMap(SHA256Digest.init(hex:)),
            publisherKey: json["publisher_key"]?.stringValue
        )
    }

    private func texts(_ json: JSON?) -> [String] { (json?.arrayValue ?? []).compactMap(\.stringValue) }
}
