package import Core
import Glibc
package import PluginRuntime

/// How this process handles the signals that matter, to see whether a plugin meddled while it was loaded.
package struct SignalSnapshot {
    private static let watched: [(number: Int32, name: String)] = [
        (SIGSEGV, "SEGV"), (SIGBUS, "BUS"), (SIGILL, "ILL"), (SIGFPE, "FPE"), (SIGABRT, "ABRT"), (SIGTERM, "TERM"),
        (SIGINT, "INT"), (SIGPIPE, "PIPE"), (SIGCHLD, "CHLD"), (SIGHUP, "HUP"),
    ]

    /// SA_RESTORER: the C library sets it with the first action it installs, whatever that is.
    private static let restorerFlag: Int32 = 0x0400_0000

    private let actions: [sigaction]

    /// Takes note of how things are now.
    package init() { actions = Self.watched.map { Self.current($0.number) } }

    /// Puts back what has changed since, and returns the names of those signals.
    package func restore() -> [String] {
        zip(Self.watched, actions).compactMap { watched, before in
            guard !Self.areSame(before, Self.current(watched.number)) else { return nil }
            var before = before
            sigaction(watched.number, &before, nil)
            return watched.name
        }
    }

    /// Puts back what has changed since, and says why the plugin is refused because of it.
    package func restoreAndRefuse(_ plugin: PluginName, _ version: SemanticVersion) -> Refusal? {
        let changed = restore()
        guard !changed.isEmpty else { return nil }
        return Refusal(
            .create,
            "\(plugin) \(version) changed the host's signal handlers while it was loaded: "
                + changed.joined(separator: ", ") + "; they have been put back",
            fix: "Install no signal handlers in a plugin, or let it run in a process of its own: "
                + "`plugins: { \(plugin): { isolation: process } }` in config/praximous.yaml."
        )
    }

    private static func current(_ number: Int32) -> sigaction {
        var action = sigaction()
        sigaction(number, nil, &action)
        return action
    }

    private static func areSame(_ left: sigaction, _ right: sigaction) -> Bool {
        var (left, right) = (left, right)
        let isSameHandler =
            withUnsafeBytes(of: &left.__sigaction_handler) { left in
                withUnsafeBytes(of: &right.__sigaction_handler) { left.elementsEqual($0) }
            }
        // The kernel knows 64 signals; what the C library leaves in the rest of the set has no meaning.
        let isSameMask = withUnsafeBytes(of: &left.sa_mask) { left in
            withUnsafeBytes(of: &right.sa_mask) { left.prefix(8).elementsEqual($0.prefix(8)) }
        }
        return isSameHandler && isSameMask && (left.sa_flags ^ right.sa_flags) & ~restorerFlag == 0
    }
}
