import Core
import Logging
import PluginRuntime
import Supervision

/// What a starting host does about the end of the one before: holds back the plugins that took it down, and makes sure
/// that this one, too, would say who did.
struct LastRunReport: Sendable {
    let root: InstallationRoot
    let logger: Logger

    func settle(_ folders: PluginFolders, _ recorder: FaultRecorder) {
        let found = folders.scan().found
        let lastRun = LastRun.settle(
            root,
            at: WallClock.system.now(),
            isBundled: { name in found.first { $0.manifest.name == name }?.origin == .bundled },
            version: { name in found.first { $0.manifest.name == name }?.manifest.version }
        )
        for problem in lastRun.problems { logger.error("last run", metadata: ["reason": "\(problem)"]) }
        for suspect in lastRun.suspects {
            logger.warning(
                "the last host ended while it was loading a plugin",
                metadata: [
                    "plugin": "\(suspect.plugin) \(suspect.version)", "next": "it is quarantined if that happens again",
                ]
            )
        }
        for entry in lastRun.quarantined {
            logger.error(
                "plugin quarantined",
                metadata: [
                    "plugin": "\(entry.plugin) \(entry.version)", "reason": "\(entry.reason)",
                    "fix": "prax-host plugins restart \(entry.plugin)",
                ]
            )
            recorder.settled(entry)
        }
        do {
            try Blame.install(root)
        } catch {
            logger.error("no crash report can be kept", metadata: ["reason": "\(error)"])
        }
    }
}
