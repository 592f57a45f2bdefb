package import Core
package import PluginRuntime
package import Sandbox
package import Workers

/// What happens to plugins that somebody else writes down: the audit, the counters, the log.
package struct FleetEvents: Sendable {
    /// A plugin failed.
    package struct Fault: Sendable {
        package let plugin: PluginIdentity
        package let kind: FaultKind
        package let mode: Manifest.IsolationWish.Mode
        /// nil when nothing follows: it was a worker that had been told to go.
        package let action: RestartPolicy.Action?
        /// The last lines it printed.
        package let lastWords: String
    }

    package let fault: @Sendable (Fault) -> Void
    package let denial: @Sendable (PluginIdentity, Denial) -> Void
    package let restarted: @Sendable (PluginIdentity) -> Void

    package init(
        fault: @escaping @Sendable (Fault) -> Void,
        denial: @escaping @Sendable (PluginIdentity, Denial) -> Void,
        restarted: @escaping @Sendable (PluginIdentity) -> Void
    ) {
        self.fault = fault
        self.denial = denial
        self.restarted = restarted
    }
}
