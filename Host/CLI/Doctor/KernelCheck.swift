import Core
import Sandbox

/// What this machine's kernel offers for keeping plugins apart.
struct KernelCheck {
    private let layers = SandboxProbe.layers()

    func findings() -> [Finding] {
        layers.map { report in
            if report.isThere { return .ok(report.layer.rawValue, report.detail) }
            let fix = report.fix ?? "nothing can be done on this kernel"
            return .note(report.layer.rawValue, report.detail, fix: fix)
        }
    }

    /// The layers that a mode is made of and that are not to be had here.
    func missing(for mode: Manifest.IsolationWish.Mode) -> [LayerReport] {
        let missing = layers.missing(for: mode)
        return layers.filter { missing.contains($0.layer) }
    }
}
