package import Core
import PraximousJSON

/// plugins.lock: the exact packages of an installation, to make others that are the same.
///
/// The same packages make the same bytes: it holds no times and no order but that of the names.
package struct Lockfile: Sendable, Hashable {
    package static let maxBytes = 16 << 20

    /// The package file for one platform.
    package struct Archive: Sendable, Hashable {
        package let digest: SHA256Digest
        /// Of META/MANIFEST.json.
        package let contentDigest: SHA256Digest?
    }

    package struct Package: Sendable, Hashable {
        package let name: PluginName
        package let version: SemanticVersion
        /// Somebody asked for it.
        package let isRequested: Bool
        /// The address of the index it came from; nil for a file.
        package let index: String?
        /// The id of the key that signed it.
        package let keyID: String?
        /// By platform, such as `linux-x86_64`.
        package let archives: [String: Archive]
    }

    /// Sorted by name.
    package let packages: [Package]

    init(_ packages: [Package]) { self.packages = packages.sorted { $0.name < $1.name } }

    package static func read(_ path: String) throws -> Lockfile {
        try Lockfile(OpenFile.reading(path).readAll(maxBytes: maxBytes), path)
    }

    package init(_ bytes: [UInt8], _ source: String) throws {
        func refused(_ reason: String) -> RegistryError {
            RegistryError(
                .usage,
                "lock_malformed",
                "\(source) cannot be read: \(reason).",
                hint: "Write it again with `prax-host plugins lock`."
            )
        }
        let json: JSON
        do { json = try JSON.parse(bytes) } catch { throw refused("\(error)") }
        guard json["format"]?.intValue == 1 else { throw refused("its format is not 1") }
        guard let list = json["packages"]?.arrayValue else { throw refused("it has no packages") }
        var names: Set<PluginName> = []
        var packages: [Package] = []
        for entry in list {
            let package = try Self.package(entry, refused: refused)
            guard names.insert(package.name).inserted else { throw refused("\(package.name) stands in it twice") }
            packages.append(package)
        }
        self.init(packages)
    }

    private static func package(_ json: JSON, refused: (String) -> RegistryError) throws -> Package {
        let name: PluginName
        let version: SemanticVersion
        do {
            name = try PluginName.parse(json["name"]?.stringValue ?? "")
            version = try SemanticVersion.parse(json["version"]?.stringValue ?? "")
        } catch { throw refused("\(error)") }
        var archives: [String: Archive] = [:]
        for member in json["archives"]?.objectValue ?? [:] {
            guard let digest = member.value["sha256"]?.stringValue.flatMap(SHA256Digest.init(hex:)) else {
                throw refused("\(name) has no SHA-256 for \(member.key.quotedForMessage())")
            }
            let content = member.value["content_sha256"]?.stringValue.flatMap(SHA256Digest.init(hex:))
            archives[member.key] = Archive(digest: digest, contentDigest: content)
        }
        guard !archives.isEmpty else { throw refused("\(name) has no archives") }
        return Package(
            name: name,
            version: version,
            isRequested: json["requested"]?.boolValue ?? true,
            index: json["index"]?.stringValue,
            keyID: json["key_id"]?.stringValue,
            archives: archives
        )
    }

    package func encoded() -> [UInt8] {
        let list = packages.map { package -> JSON in
            var archives = JSONObject()
            for (platform, archive) in package.archives.sorted(by: { $0.key < $1.key }) {
                var entry: JSONObject = ["sha256": .string(archive.digest.hex)]
                entry["content_sha256"] = archive.contentDigest.map { .string($0.hex) }
                archives[platform] = .object(entry)
            }
            var json: JSONObject = [
                "name": .string("\(package.name)"), "version": .string("\(package.version)"),
                "requested": .bool(package.isRequested),
            ]
            json["index"] = package.index.map(JSON.string)
            json["key_id"] = package.keyID.map(JSON.string)
            json["archives"] = .object(archives)
            return .object(json)
        }
        return (["format": 1, "packages": .array(list)] as JSON).indented()
    }

    package func write(to path: String) throws {
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
        try Folder.open(folder).replaceFile(name, with: encoded())
    }
}

extension Lockfile {
    /// What is installed now; `indexes` add the hashes of other platforms, all of them or those of `platforms`.
    package init(
        of layout: StoreLayout,
        platform: HostPlatform = .current,
        indexes: StoreIndexes,
        platforms: [String]? = nil
    ) throws {
        let packages = try InstalledPackages(layout: layout).receipts().map { receipt in
            let own = Archive(digest: receipt.archiveDigest, contentDigest: receipt.contentDigest)
            var archives = indexes.origin(of: receipt).map { Self.others(of: receipt, in: $0.index, platform) } ?? [:]
            if let platforms { archives = archives.filter { platforms.contains($0.key) } }
            archives[platform.name] = own
            return Package(
                name: receipt.name,
                version: receipt.version,
                isRequested: receipt.isRequested,
                index: receipt.index,
                keyID: receipt.key?.id,
                archives: archives
            )
        }
        self.init(packages)
    }

    /// Nothing when the index knows another package of that version than the one that is here.
    private static func others(
        of receipt: Receipt,
        in index: StoreIndex,
        _ platform: HostPlatform
    ) -> [String: Archive] {
        let package = index.packages.first { $0.name == receipt.name }
        let artifacts = package?.versions.first { $0.version == receipt.version }?.artifacts ?? []
        guard artifacts.contains(where: { $0.platform == platform.name && $0.digest == receipt.archiveDigest }) else {
            return [:]
        }
        let archives = artifacts.map { ($0.platform, Archive(digest: $0.digest, contentDigest: $0.manifestDigest)) }
        return Dictionary(archives) { first, _ in first }
    }
}
