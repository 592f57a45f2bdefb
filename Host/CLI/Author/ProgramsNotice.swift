import Core
import Supervision

extension IsolationPolicy.Decision {
    /// Warns whoever is about to run a plugin of this folder that it may do what a sandbox would refuse.
    func tellNotice(of manifest: Manifest) {
        if programs == .allowed, let notice { Terminal.say(Terminal.red("\(manifest.name) \(notice)")) }
    }
}
