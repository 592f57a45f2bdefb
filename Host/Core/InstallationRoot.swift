/// Where everything of one installation lies.
///
/// Paths only: nothing here touches the disk.
package struct InstallationRoot: Sendable, Hashable {
    package let path: String

    package init(_ path: String) { self.path = path }

    package var configFolder: String { path + "/config" }
    package var hostConfig: String { configFolder + "/praximous.yaml" }
    package var prices: String { configFolder + "/prices.yaml" }
    package var identity: String { configFolder + "/identity.yaml" }
    package var environmentFile: String { configFolder + "/.env" }
    package var dataFolder: String { path + "/data" }
    /// Keys and whatever else must be read often and written seldom.
    package var database: String { dataFolder + "/praximous.db" }
    /// The audit log, in a file of its own: its constant commits must not wake the readers of the keys.
    package var auditDatabase: String { dataFolder + "/audit.db" }
    /// What was spent of budgets, in a file of its own for the same reason.
    package var ledgerDatabase: String { dataFolder + "/ledger.db" }
    /// The key under which API keys are hashed; mode 0600.
    package var hashKey: String { dataFolder + "/hash.key" }
    package var pluginsFolder: String { path + "/plugins" }
    package var logsFolder: String { path + "/logs" }
}
