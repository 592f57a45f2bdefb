package import Core
package import PluginRuntime
package import PraximousJSON
package import Sandbox
import Workers

/// How one plugin stands at this moment, for lists and for the doctor.
package struct PluginReport: Sendable {
    package enum State: String, Sendable, CaseIterable {
        case running, starting, idle, restarting, quarantined, hung, refused
    }

    package var name: PluginName
    /// The provider entry that this instance serves; nil for a plugin that has one instance.
    package var entry: String?
    package var version: SemanticVersion
    package var kind: Manifest.Kind
    package var taskType: String?
    package var origin: PluginFolder.Origin
    package var state: State
    /// Why it is in that state, where there is something to say.
    package var reason: String?
    package var decision: IsolationPolicy.Decision
    /// What protects the host from it right now; empty inside the host and while no process runs.
    package var layers: [LayerReport] = []
    package var processID: Int32?
    /// Within the window that counts.
    package var faults = 0
    package var restarts = 0

    package var instance: PluginInstanceName { PluginInstanceName(plugin: name, entry: entry) }

    package var json: JSON {
        var isolation = decision.json
        isolation["layers"] = .array(layers.map(\.json))
        isolation["missing"] = .array(missing.map { .string($0.rawValue) })
        return [
            "name": .string(name.description), "provider": entry.map(JSON.string) ?? .null,
            "version": .string(version.description), "kind": .string(kind.rawValue),
            "task_type": taskType.map(JSON.string) ?? .null, "origin": .string(origin.rawValue),
            "state": .string(state.rawValue), "reason": reason.map(JSON.string) ?? .null,
            "isolation": .object(isolation), "pid": processID.map { .integer(Int($0)) } ?? .null,
            "faults": .integer(faults), "restarts": .integer(restarts),
        ]
    }

    /// The layers of its mode that do not hold although its process runs.
    package var missing: [Layer] { layers.isEmpty ? [] : layers.missing(for: decision.mode) }
}
