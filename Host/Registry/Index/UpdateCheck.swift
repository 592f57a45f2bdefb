package import Core

/// A newer version of an installed package, and what stands in its way.
package struct Update: Sendable, Hashable {
    package let version: SemanticVersion
    /// Such as `needs host 0.9.0`; nil when it can be installed.
    package let obstacle: String?

    /// As lists show it: `2.1.0 (needs host 0.9.0)`.
    package var text: String { obstacle.map { "\(version) (\($0))" } ?? "\(version)" }
}

/// Compares what is installed with an index.
package struct UpdateCheck: Sendable {
    let index: StoreIndex
    let platform: HostPlatform

    package init(index: StoreIndex, platform: HostPlatform = .current) {
        self.index = index
        self.platform = platform
    }

    /// The newest version that this host can run, else the newest one with what it lacks; nil when there is none.
    package func update(for receipt: Receipt) -> Update? {
        guard let package = index.packages.first(where: { $0.name == receipt.name }) else { return nil }
        let newer = package.versions.filter { version in
            receipt.version.hasLowerPrecedence(than: version.version) && version.yanked == nil
                && (!version.version.isPrerelease || receipt.version.isPrerelease)
                && !version.artifacts.contains { index.revokedDigests.contains($0.digest) }
        }
        let updates = newer.map { Update(version: $0.version, obstacle: obstacle(to: $0)) }
        return updates.first { $0.obstacle == nil } ?? updates.first
    }

    private func obstacle(to version: StoreIndex.Version) -> String? {
        if version.abiMajor != platform.abiMajor || version.abiMinMinor > platform.abiMinor {
            return "needs plugin ABI \(version.abiMajor).\(version.abiMinMinor)"
        }
        if let minHost = version.minHost, platform.hostVersion.hasLowerPrecedence(than: minHost) {
            return "needs host \(minHost)"
        }
        let isBuilt = version.artifacts.contains { $0.platform == platform.name }
        return isBuilt ? nil : "not built for \(platform.name)"
    }
}
