import Sandbox

/// The words of the layers that this machine offers.
enum SandboxLayers {
    static let available = Set(SandboxProbe.layers().filter { $0.state == .available }.map(\.layer.rawValue))
}
