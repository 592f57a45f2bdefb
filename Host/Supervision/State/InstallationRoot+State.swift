package import Core

/// What the host remembers about its plugins from one start to the next.
extension InstallationRoot {
    package var stateFolder: String { dataFolder + "/state" }
    /// `OWNER__NAME.json` for each plugin that is held back.
    package var quarantineFolder: String { stateFolder + "/quarantine" }
    /// `OWNER__NAME` for each plugin that is being loaded into the host at this moment.
    package var loadingFolder: String { stateFolder + "/loading" }
    /// `OWNER__NAME.json` for each plugin that somebody wants restarted, `.done` beside it for the answer.
    package var restartFolder: String { stateFolder + "/restart" }
    /// What a dying host wrote about the plugin that took it down.
    package var blameFile: String { stateFolder + "/blame" }
    /// Held by the host that serves this installation.
    package var serveLock: String { dataFolder + "/serve.lock" }
}
