package import Core

/// The contents of skills.json: what a store offers.
///
/// What this host cannot use of it was left out while reading.
package struct StoreIndex: Sendable {
    package struct Publisher: Sendable {
        package let name: String
        package let url: String?
        /// The store has checked who it is: its tier is `verified` or `official`.
        package let isVerified: Bool
        package let keys: [PublisherKey]
    }

    /// A key that may sign the packages of one owner, while it is valid.
    package struct PublisherKey: Sendable {
        let key: PublicKey
        let from: Timestamp?
        let until: Timestamp?

        func isValid(at now: Timestamp) -> Bool { (from.map { $0 <= now } ?? true) && (until.map { now < $0 } ?? true) }
    }

    package struct Package: Sendable {
        package let name: PluginName
        package let summary: String
        package let kind: String
        package let license: String?
        package let homepage: String?
        package let taskType: String?
        package let categories: [String]
        package let deprecated: String?
        /// Newest first.
        package let versions: [Version]
    }

    package struct Version: Sendable {
        package let version: SemanticVersion
        package let published: String?
        package let minHost: SemanticVersion?
        package let abiMajor: UInt32
        package let abiMinMinor: UInt32
        /// Kinds only, such as `network.http`; the details stand in skill.yaml.
        package let permissions: [String]
        package let dependencies: [Manifest.Dependency]
        /// The reason, when the publisher took the version back.
        package let yanked: String?
        /// A known weakness of this version.
        package let advisory: Advisory?
        package let artifacts: [Artifact]
    }

    /// A security advisory: `PSA-2026-004`, `high`, mended in 2.1.0.
    package struct Advisory: Sendable, Hashable {
        package let id: String
        package let severity: String?
        package let fixedIn: String?
    }

    package struct Artifact: Sendable {
        package let os: String
        package let arch: String
        package let libc: String?
        package let url: String
        package let size: Int
        /// Bytes of all files together.
        package let unpacked: Int?
        package let digest: SHA256Digest
        package let manifestDigest: SHA256Digest?
        package let publisherKey: String?

        package var platform: String { "\(os)-\(arch)" }
    }

    package let version: Int
    package let generated: Timestamp?
    package let expires: Timestamp?
    package let publishers: [String: Publisher]
    /// Sorted by name.
    package let packages: [Package]
    package let revokedDigests: Set<SHA256Digest>
    package let revokedKeys: Set<String>

    /// The keys that may sign packages of `owner` at `now`.
    func keys(of owner: String, at now: Timestamp) -> [PublicKey] {
        (publishers[owner]?.keys ?? []).filter { $0.isValid(at: now) && !revokedKeys.contains($0.key.id) }.map(\.key)
    }

    package func withoutOfficialOwner() -> StoreIndex {
        StoreIndex(
            version: version,
            generated: generated,
            expires: expires,
            publishers: publishers,
            packages: packages.filter { $0.name.owner != OfficialStore.owner },
            revokedDigests: revokedDigests,
            revokedKeys: revokedKeys
        )
    }
}
