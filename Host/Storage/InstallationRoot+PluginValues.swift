package import Core

extension InstallationRoot {
    /// What plugins keep, in a file of its own: however they fill it, keys and audit log have room left.
    package var pluginDatabase: String { dataFolder + "/plugins.db" }
}
