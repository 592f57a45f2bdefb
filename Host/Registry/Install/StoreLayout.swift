package import Core

/// Where installed packages lie: `plugins/` of an installation.
package struct StoreLayout: Sendable, Hashable {
    package let root: InstallationRoot

    package init(_ root: InstallationRoot) { self.root = root }

    package var folder: String { root.pluginsFolder }
    /// `OWNER/NAME/VERSION-SHA12/`: unpacked packages, read-only.
    package var storeFolder: String { folder + "/store" }
    /// `OWNER__NAME -> ../store/…`: the version in use.
    package var activeFolder: String { folder + "/active" }
    /// `OWNER__NAME.json`: without its receipt nothing is loaded.
    package var receiptsFolder: String { folder + "/receipts" }
    /// `OWNER__NAME@VERSION-SHA12.json`: the receipts of the stored versions, for a way back.
    package var keepsakesFolder: String { folder + "/keepsakes" }
    /// `OWNER__NAME.json`: what the operator decided about a plugin, such as that it is disabled.
    package var marksFolder: String { folder + "/marks" }
    /// Work in progress; whatever lies there without a lock holder is debris.
    package var stagingFolder: String { folder + "/staging" }
    /// Packages that came over HTTP, each until its request is over.
    package var uploadsFolder: String { folder + "/uploads" }
    /// Downloads by hash, and copies of indexes.
    package var cacheFolder: String { folder + "/cache" }
    /// What a search looks at, of indexes that were believed.
    ///
    /// Not in the cache, which is checked whenever it is used: this is trusted as receipts and unpacked packages are.
    package var summariesFolder: String { folder + "/summaries" }
    package var lockFile: String { folder + "/lock" }
    /// Keeps `index-state.json`.
    package var dataFolder: String { root.dataFolder }

    /// The folder of one version below `storeFolder`.
    static func versionFolder(_ version: SemanticVersion, _ digest: SHA256Digest) -> String {
        "\(version)-\(digest.hex.prefix(12))"
    }
}
