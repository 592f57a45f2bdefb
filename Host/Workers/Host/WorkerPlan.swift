package import Core
package import Logging
package import PluginRuntime
package import PraximousJSON

/// What a worker is to run.
package struct WorkerPlan: Sendable {
    package var identity: PluginIdentity
    package var kind: Manifest.Kind
    package var libraryPath: String
    package var config: JSON
    package var services: any PluginServices
    package var mode: Manifest.IsolationWish.Mode
    package var limits: WorkerLimits
    /// Folders whose files the plugin may read besides those of the system: its own.
    package var readableFolders: [String]
    package var logger: Logger
    /// Whether the folder of its own holds more than it may, together with so many bytes that the process keeps in files
    /// without a name; asked now and then, on a thread that may wait.
    package var isFolderFull: (@Sendable (_ hiddenBytes: Int) -> Bool)?

    package init(
        identity: PluginIdentity,
        kind: Manifest.Kind = .skill,
        libraryPath: String,
        config: JSON,
        services: any PluginServices,
        mode: Manifest.IsolationWish.Mode,
        limits: WorkerLimits,
        readableFolders: [String],
        logger: Logger,
        isFolderFull: (@Sendable (_ hiddenBytes: Int) -> Bool)? = nil
    ) {
        self.identity = identity
        self.kind = kind
        self.libraryPath = libraryPath
        self.config = config
        self.services = services
        self.mode = mode
        self.limits = limits
        self.readableFolders = readableFolders
        self.logger = logger
        self.isFolderFull = isFolderFull
    }
}
