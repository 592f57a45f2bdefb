package import PluginRuntime
package import Sandbox

extension Refusal {
    /// A plugin that must have every layer and does not get them.
    package static func layersMissing(_ reports: [LayerReport]) -> Refusal {
        let names = reports.map { "\($0.layer.rawValue) (\($0.detail))" }.joined(separator: ", ")
        return Refusal(
            .isolation,
            "isolation `strict` needs layers that this machine does not grant: " + names,
            fix: reports.lazy.compactMap(\.fix).first
                ?? "Run it as `sandbox`, or on a machine that has them: prax-host doctor"
        )
    }
}
