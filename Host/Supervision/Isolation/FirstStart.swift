import Core
import PluginRuntime

/// When the first worker of a plugin is started.
package enum FirstStart: String, Sendable, Hashable {
    /// While the host starts: whoever put the plugin there sees in the log whether it works.
    case withHost = "host"
    /// Its library was tried before the release, and a worker that nobody calls costs 30 MB.
    case withFirstCall = "first_call"

    /// Of what ships with the host a provider starts at once all the same, since it has an operator's configuration to
    /// accept, and so does a `strict` plugin, which this machine may be unable to protect as it must.
    init(_ manifest: Manifest, _ origin: PluginFolder.Origin, _ mode: Manifest.IsolationWish.Mode) {
        let canWait = origin == .bundled && manifest.kind == .skill && (mode == .process || mode == .sandbox)
        self = canWait ? .withFirstCall : .withHost
    }

    /// As the end of "it starts ...".
    package var phrase: String {
        switch self {
        case .withHost: "with the host"
        case .withFirstCall: "with its first call"
        }
    }
}
