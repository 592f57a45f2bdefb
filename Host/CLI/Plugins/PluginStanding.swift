import Core
import PluginRuntime
import PraximousJSON
import Registry
import Supervision

/// How one plugin of an installation stands, as far as the disk tells: what the host that serves it knows beyond that,
/// it alone can say.
struct PluginStanding {
    enum State: String {
        case enabled
        /// `enabled: false` in praximous.yaml, or `plugins disable`.
        case disabled
        /// The store has taken it back for good.
        case revoked
        case quarantined
        /// A host would not load it.
        case refused
    }

    let folder: PluginFolder
    let state: State
    /// Why it is in that state; nil when it is enabled.
    let reason: String?
    /// What holds it back, whatever its state; nil too when the entry cannot be read.
    let quarantine: Quarantine.Entry?
    let decision: IsolationPolicy.Decision

    var manifest: Manifest { folder.manifest }

    /// Of the isolation without the layers: what a list can tell at no cost.
    var isolation: JSONObject { decision.json }
}

extension PluginStanding {
    /// A folder that lies in no installation, such as one that is named to `serve --plugin`.
    init(_ folder: PluginFolder, _ configuration: HostConfiguration) {
        var taken = TakenNames()
        let refusal = Self.refusal(of: folder, &taken)
        self.init(
            folder: folder,
            state: refusal == nil ? .enabled : .refused,
            reason: refusal,
            quarantine: nil,
            decision: IsolationPolicy(settings: configuration.isolation).decide(folder.manifest, origin: folder.origin)
        )
    }

    /// Why a host would not load it.
    fileprivate static func refusal(of folder: PluginFolder, _ taken: inout TakenNames) -> String? {
        if let clash = taken.take(folder.manifest) { return clash }
        do throws(Refusal) {
            try folder.manifest.checkFits()
            _ = try folder.libraryPath()
            return nil
        } catch {
            return error.message
        }
    }
}

/// All plugins of an installation, in the order in which a host takes them.
struct PluginStandings {
    let all: [PluginStanding]
    /// Folders whose skill.yaml, or receipt, cannot be used.
    let refused: [(path: String, refusal: Refusal)]
    /// Quarantined plugins that are no longer there.
    let gone: [Quarantine.Entry]
    /// What cannot be read of the host's memory of them.
    let problems: [StateError]

    init(root: InstallationRoot, configuration: HostConfiguration) {
        // Those that are disabled are to be seen as well.
        let scan = PluginFolders(root: root, configuration: configuration, includesDisabled: true).scan()
        let holds = PluginHolds(root: root, configuration: configuration)
        let quarantine = Quarantine(root)
        let (entries, problems) = quarantine.list()
        let policy = IsolationPolicy(settings: configuration.isolation)
        var taken = TakenNames()
        all = scan.found.map { folder in
            let decision = policy.decide(folder.manifest, origin: folder.origin)
            let name = folder.manifest.name
            let (state, reason) = holds.hold(on: folder) ?? Self.judge(folder, quarantine, &taken)
            return PluginStanding(
                folder: folder,
                state: state,
                reason: reason,
                quarantine: entries.first { $0.plugin == name && $0.version == folder.manifest.version },
                decision: decision
            )
        }
        refused = scan.refused
        gone = entries.filter { entry in !scan.found.contains { $0.manifest.name == entry.plugin } }
        self.problems = problems
    }

    /// What a host that starts now would do with the plugin.
    private static func judge(
        _ folder: PluginFolder,
        _ quarantine: Quarantine,
        _ taken: inout TakenNames
    ) -> (state: PluginStanding.State, reason: String?) {
        if let refusal = PluginStanding.refusal(of: folder, &taken) { return (.refused, refusal) }
        let manifest = folder.manifest
        do throws(StateError) {
            guard let entry = try quarantine.entry(manifest.name, manifest.version) else { return (.enabled, nil) }
            return (.quarantined, entry.reason)
        } catch {
            // As the host does: what cannot be read holds it back.
            return (.quarantined, "\(error)")
        }
    }
}

/// The names and task types that have an owner: the first one has them, as in ``SkillTable``.
private struct TakenNames {
    private var names: [PluginName: String] = [:]
    private var taskTypes: [String: Manifest] = [:]

    /// Why the plugin cannot have its names; nil when it has them now.
    mutating func take(_ manifest: Manifest) -> String? {
        if manifest.kind == .provider {
            if let version = names[manifest.name] { return "\(manifest.name) \(version) is served in its place" }
            names[manifest.name] = "\(manifest.version)"
            return nil
        }
        guard manifest.kind == .skill, let taskType = manifest.taskType else {
            return "this host serves skills and providers, and its skill.yaml says `kind: \(manifest.kind)`"
        }
        if let version = names[manifest.name] { return "\(manifest.name) \(version) is served in its place" }
        if let other = taskTypes[taskType] {
            return "task type `\(taskType)` is already served by \(other.name) \(other.version)"
        }
        names[manifest.name] = "\(manifest.version)"
        taskTypes[taskType] = manifest
        return nil
    }
}
