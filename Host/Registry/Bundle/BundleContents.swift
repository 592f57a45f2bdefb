package import Core
import PraximousJSON

/// bundle.json: what a bundle holds.
///
/// Nobody signs it. What it says is checked against the signed index beside it wherever it matters.
package struct BundleContents: Sendable, Hashable {
    static let fileName = "bundle.json"
    static let maxBytes = 4 << 20

    package struct Package: Sendable, Hashable {
        package let name: PluginName
        package let version: SemanticVersion
        package let platform: String
        package let digest: SHA256Digest
        package let size: Int
        /// Named when the bundle was made; else another needs it.
        package let isRequested: Bool

        /// The member that holds it.
        var member: String { "packages/\(digest.hex).package" }
    }

    /// The address of the index it was made from.
    package let index: String
    package let packages: [Package]

    init(index: String, packages: [Package]) {
        self.index = index
        self.packages = packages
    }

    init(_ bytes: [UInt8]) throws {
        let json: JSON
        do { json = try JSON.parse(bytes) } catch { throw RegistryError.bundle("bundle.json: \(error)") }
        guard json["format"]?.intValue == 1, let index = json["index"]?.stringValue,
            let list = json["packages"]?.arrayValue
        else { throw RegistryError.bundle("bundle.json is not of format 1") }
        self.index = index
        packages = try list.map { entry in
            guard let name = entry["name"]?.stringValue.flatMap({ try? PluginName.parse($0) }),
                let version = entry["version"]?.stringValue.flatMap({ try? SemanticVersion.parse($0) }),
                let platform = entry["platform"]?.stringValue,
                let digest = entry["sha256"]?.stringValue.flatMap(SHA256Digest.init(hex:)),
                let size = entry["size"]?.intValue, size > 0
            else { throw RegistryError.bundle("bundle.json has an entry that is no package") }
            let isRequested = entry["requested"]?.boolValue ?? true
            return Package(
                name: name,
                version: version,
                platform: platform,
                digest: digest,
                size: size,
                isRequested: isRequested
            )
        }
    }

    func encoded() -> [UInt8] {
        let list = packages.map { package -> JSON in
            [
                "name": .string("\(package.name)"), "version": .string("\(package.version)"),
                "platform": .string(package.platform), "sha256": .string(package.digest.hex),
                "size": .integer(package.size), "requested": .bool(package.isRequested),
            ]
        }
        return (["format": 1, "index": .string(index), "packages": .array(list)] as JSON).indented()
    }
}

extension RegistryError {
    static func bundle(_ message: String) -> RegistryError {
        RegistryError(
            .verificationFailed,
            "bundle_refused",
            "The bundle is refused: \(message).",
            hint: "Nothing was installed. Make it again with `prax-host plugins bundle create`."
        )
    }
}
