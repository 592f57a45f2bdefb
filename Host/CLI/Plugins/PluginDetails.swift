import Core
import PluginRuntime
import PraximousJSON
import Sandbox
import Supervision
import Workers

/// What this machine grants one plugin of the installation, not what was wished for: how it stands, which layers would
/// be around it, and which would not.
struct PluginDetails {
    private static let labelWidth = 13

    let standing: PluginStanding
    /// Those of this machine.
    let layers: [LayerReport]
    let isHostRunning: Bool

    init(_ standing: PluginStanding, isHostRunning: Bool) {
        self.standing = standing
        self.isHostRunning = isHostRunning
        let mode = standing.decision.mode
        layers = mode == .inproc ? [] : SandboxProbe.layers().filter { $0.isAround(mode) }
    }

    private var missing: [Layer] { layers.missing(for: standing.decision.mode) }
    private var path: String { "/api/v1/plugins/\(standing.manifest.name)" }

    var lines: [String] {
        let decision = standing.decision
        let limits = decision.limits
        var lines = [
            line("state", [standing.state.rawValue, standing.reason].compactMap(\.self).joined(separator: ": ")),
            line("origin", "\(standing.folder.origin), \(standing.folder.path)"),
            line("isolation", "\(decision.mode): \(decision.why)"),
        ]
        if let warning = decision.warning { lines.append(line("", warning)) }
        if decision.mode == .inproc {
            lines.append(line("layers", "none: it runs inside the host, which it can take down"))
        } else {
            lines.append(line("starts", decision.firstStart.phrase))
            lines.append(
                line(
                    "limits",
                    "\(limits.memoryMB) MB memory, \(limits.threads) threads, \(limits.openFiles) open files"
                )
            )
            lines.append(line("layers", "on this machine"))
            lines += layers.map(layerLine)
            if decision.mode == .strict, !missing.isEmpty {
                lines.append(line("", "strict starts with all of them or not at all: a host refuses this plugin here"))
            }
        }
        if isHostRunning {
            lines.append(line("now", "a host serves this installation; how it stands there: GET \(path) (admin key)"))
        }
        return lines
    }

    private func layerLine(_ report: LayerReport) -> String {
        guard !report.isThere else { return "  ok    \(report.layer.rawValue): \(report.detail)" }
        let words = [report.detail, report.fix].compactMap(\.self).joined(separator: "; ")
        return "  NOT   \(report.layer.rawValue): \(words)"
    }

    private func line(_ label: String, _ text: String) -> String { label.padded(to: Self.labelWidth) + text.onOneLine }

    /// What ``lines`` tell, for machines; `isolation` has the members that it has at `/api/v1/plugins`, and the limits.
    func add(to json: inout JSONObject) {
        var isolation = standing.isolation
        let limits = standing.decision.limits
        isolation["layers"] = .array(layers.map(\.json))
        isolation["missing"] = .array(missing.map { .string($0.rawValue) })
        isolation["limits"] = [
            "memory_mb": .integer(limits.memoryMB), "threads": .integer(limits.threads),
            "open_files": .integer(limits.openFiles),
        ]
        json["state"] = .string(standing.state.rawValue)
        json["reason"] = standing.reason.map(JSON.string) ?? .null
        json["origin"] = .string(standing.folder.origin.rawValue)
        json["folder"] = .string(standing.folder.path)
        json["isolation"] = .object(isolation)
        json["quarantine"] = standing.quarantine?.json ?? .null
        json["host_running"] = .bool(isHostRunning)
        json["live"] = isHostRunning ? .string(path) : .null
    }
}

extension LayerReport {
    /// Whether a worker of this mode has the layer, or should have it.
    fileprivate func isAround(_ mode: Manifest.IsolationWish.Mode) -> Bool {
        // A sandbox takes a control group along where there is one.
        layer.mode <= mode || (layer == .controlGroup && isThere && mode >= .sandbox)
    }
}

extension String {
    /// With blanks up to a column, one at least.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
