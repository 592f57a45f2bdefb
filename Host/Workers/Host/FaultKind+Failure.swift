package import Core
package import PluginRuntime
import PraximousJSON

extension FaultKind {
    /// What the callers hear whose calls were running when it happened.
    package func failure(_ plugin: PluginIdentity) -> Failure {
        let sentence = "The plugin \(plugin.name) \(plugin.version) \(phrase)."
        let details = details(plugin)
        return switch self {
        case .timeout, .unresponsive:
            Failure(
                .deadline,
                code: "plugin_timeout",
                message: sentence,
                hint: "Try again with less to do; if it stays so: prax-host plugins restart \(plugin.name)",
                details: details
            )
        case .startFailed:
            Failure(
                .unavailable,
                code: "plugin_unavailable",
                message: sentence,
                hint: "See the host's log, then: prax-host doctor",
                details: details,
                retryAfterMilliseconds: 1000
            )
        default:
            Failure(
                .upstream,
                code: "plugin_crashed",
                message: sentence,
                hint: "Try again; the host starts it anew. If it stays so: prax-host doctor",
                details: details
            )
        }
    }

    private func details(_ plugin: PluginIdentity) -> JSON {
        var details: JSONObject = [
            "plugin": .string(plugin.name), "version": .string(plugin.version), "fault": .string(word),
        ]
        switch self {
        case .crashed(let signal): details["signal"] = .integer(Int(signal))
        case .exited(let code): details["exit_code"] = .integer(Int(code))
        default: break
        }
        return .object(details)
    }
}
