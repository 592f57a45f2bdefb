import Core
import Logging
import PluginRuntime
import Synchronization
import Workers

/// What has gone wrong with one plugin, and what follows from it; outlives its workers, and its quarantine outlives the
/// host.
final class FaultBook: Sendable {
    private struct State {
        var policy: RestartPolicy
        var quarantined: Quarantine.Entry?
    }

    let plugin: PluginName
    let version: SemanticVersion
    private let mode: Manifest.IsolationWish.Mode
    private let quarantine: Quarantine
    private let events: FleetEvents
    private let logger: Logger
    private let state: Mutex<State>

    init(
        _ manifest: Manifest,
        mode: Manifest.IsolationWish.Mode,
        limits: RestartLimits,
        quarantine: Quarantine,
        events: FleetEvents,
        logger: Logger
    ) {
        plugin = manifest.name
        version = manifest.version
        self.mode = mode
        self.quarantine = quarantine
        self.events = events
        self.logger = logger
        let policy = RestartPolicy(limits: limits, restart: manifest.isolation.restart)
        state = Mutex(State(policy: policy, quarantined: Self.entry(manifest, quarantine, logger)))
    }

    /// A damaged entry holds the plugin back: fail closed.
    private static func entry(_ manifest: Manifest, _ quarantine: Quarantine, _ logger: Logger) -> Quarantine.Entry? {
        do throws(StateError) {
            return try quarantine.entry(manifest.name, manifest.version)
        } catch {
            logger.error("quarantine cannot be read", metadata: ["reason": "\(error)"])
            return Quarantine.Entry(
                plugin: manifest.name,
                version: manifest.version,
                reason: "its entry in the quarantine cannot be read",
                kind: "unknown",
                since: 0,
                faults: 0
            )
        }
    }

    var identity: PluginIdentity { PluginIdentity(name: plugin.description, version: version.description) }

    /// What callers hear while the plugin is held back; nil when it is not.
    var quarantineFailure: Failure? {
        state.withLock { $0.quarantined }.map { .pluginQuarantined(plugin, version, reason: $0.reason) }
    }

    var quarantineReason: String? { state.withLock { $0.quarantined }?.reason }
    var faults: Int { state.withLock { $0.policy.faults(at: MonotonicClock.now()) } }

    /// Takes note of a fault and tells what follows.
    @discardableResult
    func fault(_ kind: FaultKind, lastWords: String = "") -> RestartPolicy.Action {
        let now = MonotonicClock.now()
        let (action, faults) = state.withLock { state in
            let action = state.policy.fault(kind, at: now, random: Double.random(in: 0..<1))
            return (action, state.policy.faults(at: now))
        }
        if case .quarantine(let reason) = action { hold(reason, kind, faults) }
        var metadata: Logger.Metadata = ["plugin": "\(plugin) \(version)", "fault": "\(kind.word)"]
        if let number = kind.number { metadata["number"] = "\(number)" }
        if !lastWords.isEmpty { metadata["printed"] = "\(lastWords)" }
        switch action {
        case .restart(let milliseconds):
            metadata["next"] = mode == .inproc ? "it stays in the host" : "may be started again in \(milliseconds) ms"
            logger.error("plugin failed", metadata: metadata)
        case .quarantine(let reason):
            metadata["next"] = "quarantined: \(reason); prax-host plugins restart \(plugin)"
            logger.error("plugin failed", metadata: metadata)
        }
        events.fault(FleetEvents.Fault(plugin: identity, kind: kind, mode: mode, action: action, lastWords: lastWords))
        return action
    }

    /// Holds the plugin back, however few its faults are.
    func quarantine(_ kind: FaultKind, _ reason: String) {
        guard quarantineFailure == nil else { return }
        hold(reason, kind, faults)
        logger.error(
            "plugin quarantined",
            metadata: [
                "plugin": "\(plugin) \(version)", "reason": "\(reason)",
                "next": "prax-host plugins restart \(plugin)",
            ]
        )
    }

    /// Takes note of what a worker did that had been told to go: callers heard of it, but it says nothing about the worker
    /// in its place, and is not counted against it.
    func faultWhileLeaving(_ kind: FaultKind, lastWords: String) {
        logger.error(
            "plugin failed",
            metadata: ["plugin": "\(plugin) \(version)", "fault": "\(kind.word)", "next": "it was being replaced"]
        )
        events.fault(FleetEvents.Fault(plugin: identity, kind: kind, mode: mode, action: nil, lastWords: lastWords))
    }

    private func hold(_ reason: String, _ kind: FaultKind, _ faults: Int) {
        let entry = Quarantine.Entry(
            plugin: plugin,
            version: version,
            reason: reason,
            kind: kind.word,
            since: WallClock.system.now(),
            faults: faults
        )
        state.withLock { $0.quarantined = entry }
        do throws(StateError) {
            try quarantine.add(entry)
        } catch {
            logger.error("quarantine cannot be written", metadata: ["plugin": "\(plugin)", "reason": "\(error)"])
        }
    }
}
