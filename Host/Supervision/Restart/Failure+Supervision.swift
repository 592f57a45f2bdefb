package import Core
import PraximousJSON

extension Failure {
    /// The plugin is held back until somebody looks at it.
    package static func pluginQuarantined(_ plugin: PluginName, _ version: SemanticVersion, reason: String) -> Failure {
        Failure(
            .unavailable,
            code: "plugin_quarantined",
            message: "The plugin \(plugin) \(version) is quarantined: \(reason).",
            hint: "When its fault is mended: prax-host plugins restart \(plugin)",
            details: ["plugin": .string("\(plugin)"), "version": .string("\(version)"), "reason": .string(reason)]
        )
    }

    /// The plugin holds a thread of the host and does not give it back.
    package static func pluginHung(_ plugin: PluginName, _ version: SemanticVersion) -> Failure {
        Failure(
            .unavailable,
            code: "plugin_unavailable",
            message: "The plugin \(plugin) \(version) hangs in an earlier call.",
            hint: "Restart the host, or run it in a worker: "
                + "`plugins: { \(plugin): { isolation: process } }` in config/praximous.yaml.",
            details: ["plugin": .string("\(plugin)"), "version": .string("\(version)")]
        )
    }

    /// The plugin turned out to be one that cannot be loaded.
    package static func pluginRefused(_ plugin: PluginName, _ version: SemanticVersion, reason: String) -> Failure {
        Failure(
            .unavailable,
            code: "plugin_unavailable",
            message: "The plugin \(plugin) \(version) cannot be loaded: \(reason).",
            hint: "prax-host doctor says what to do.",
            details: ["plugin": .string("\(plugin)"), "version": .string("\(version)")]
        )
    }

    /// The plugin is being started again.
    package static func pluginUnavailable(
        _ plugin: PluginName,
        _ version: SemanticVersion,
        retryAfterMilliseconds: Int
    ) -> Failure {
        Failure(
            .unavailable,
            code: "plugin_unavailable",
            message: "The plugin \(plugin) \(version) is being restarted after a fault.",
            hint: "Try again in a moment; to restart it at once: prax-host plugins restart \(plugin)",
            details: ["plugin": .string("\(plugin)"), "version": .string("\(version)")],
            retryAfterMilliseconds: retryAfterMilliseconds
        )
    }
}
