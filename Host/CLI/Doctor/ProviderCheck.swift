import Core
import Egress
import Gateway
import PluginRuntime

/// The entries of config/providers.yaml: whether each has its plugin and its key and, where the doctor may ask the
/// network, whether somebody is at its address.
struct ProviderCheck {
    /// For each address.
    private static let patience = Duration.seconds(3)
    private static let parallelProbes = 8

    let root: InstallationRoot
    let configuration: HostConfiguration
    let asksNetwork: Bool

    func findings() -> [Finding] {
        let standings: ProviderStandings
        do { standings = try ProviderStandings(root, configuration) } catch {
            return [.bad("config/providers.yaml", "\(error)", fix: "mend it, then: prax-host config check")]
        }
        let checks = standings.all.map { standing -> @Sendable () -> Finding in { check(standing) } }
        let off = standings.configuration.disabled.map { Finding.ok($0, "not served: enabled is false") }
        return Parallel.map(checks, atOnce: Self.parallelProbes) + off
    }

    private func check(_ standing: ProviderStandings.Standing) -> Finding {
        let entry = standing.entry
        if let refusal = standing.refusal { return .bad(entry.name, refusal.message, fix: refusal.fix) }
        if entry.isBuiltIn {
            return .ok(entry.name, "the built-in responder, no model; connect one in config/providers.yaml")
        }
        if let variable = standing.settings?.missingVariable {
            return .note(
                entry.name,
                "\(standing.type), without a key",
                fix: "set \(variable) in the environment or in config/.env, or write api_key_env: \"\" for none"
            )
        }
        let key = standing.key == .present ? "its key is set" : "no key is sent"
        let words = "\(standing.type) at \(standing.address ?? "no address"), \(key)"
        guard asksNetwork, let text = standing.address else { return .ok(entry.name, words) }
        guard let address = try? WebAddress(text), let port = address.port else {
            return .bad(entry.name, "its address cannot be read: \(text)", fix: "mend base_url")
        }
        switch AddressProbe(host: address.host, port: port).run(within: Self.patience) {
        case .reached: return .ok(entry.name, words + ", and somebody is there")
        case .unknownHost:
            return .bad(entry.name, "the name \(address.host) has no address", fix: "mend base_url, or the resolver")
        case .unreachable(let reason):
            return .bad(
                entry.name,
                "\(address.host):\(port) cannot be reached: \(reason)",
                fix:
                    "start what should be there, or look at the network; behind a proxy ask providers test \(entry.name)"
            )
        }
    }
}
