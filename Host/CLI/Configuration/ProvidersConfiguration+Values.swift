import Access
import Core
import Foundation
import Gateway
import PluginRuntime
import PraximousJSON

extension ProvidersFile.Context {
    /// What is installed and set right now.
    init(_ root: InstallationRoot, _ configuration: HostConfiguration) throws {
        let environment = try HostEnvironment(
            process: ProcessInfo.processInfo.environment,
            file: root.environmentFile
        )
        let found = PluginFolders(root: root, configuration: configuration).scan().found
        self.init(
            plugins: Set(found.filter { $0.manifest.kind == .provider }.map(\.manifest.name)),
            variable: { environment[$0] }
        )
    }
}

extension ProvidersConfiguration {
    /// Every value in force by its path in the file; of a plugin's own configuration and of keys nothing but names.
    var values: [(key: String, value: JSON)] {
        entries.flatMap(values)
            + disabled.map { ("providers.\($0).enabled", .bool(false)) }
            + routes.flatMap(values)
            + (entries.isEmpty ? [] : breakerValues)
    }

    private func values(_ entry: ProviderEntry) -> [(key: String, value: JSON)] {
        let key: JSON? =
            switch entry.key {
            case .usual: nil
            case .none: ""
            case .variable(let name): .string(name)
            }
        let values: [(String, JSON?)] = [
            ("type", .string("\(entry.plugin)")), ("base_url", entry.baseURL.map(JSON.string)),
            ("model", .string(entry.model)),
            ("models", entry.models.isEmpty ? nil : .string(entry.models.map(\.description).joined(separator: ", "))),
            ("priority", .integer(entry.priority)), ("api_key_env", key),
        ]
        return values.compactMap { name, value in value.map { ("providers.\(entry.name).\(name)", $0) } }
    }

    private func values(_ route: RouteSettings) -> [(key: String, value: JSON)] {
        let targets = route.targets.map { target in
            target.model.map { "\(target.provider)/\($0)" } ?? target.provider
        }
        let persona: JSON =
            switch route.persona {
            case .none: false
            case .identity: true
            case .text(let text): .string(text)
            }
        let values: [(String, JSON)] = [
            ("providers", .string(targets.joined(separator: ", "))),
            ("models", .string(route.models.map(\.description).joined(separator: ", "))),
            ("retries", .integer(route.retries)), ("attempts", .integer(route.attempts)),
            ("connect_ms", .integer(route.connectLimit.milliseconds)),
            ("first_token_ms", .integer(route.firstTokenLimit.milliseconds)),
            ("idle_ms", .integer(route.idleLimit.milliseconds)),
            ("deadline_ms", .integer(route.deadline.milliseconds)),
            ("retry_after_cap_ms", .integer(route.maxRetryAfter.milliseconds)),
            ("backoff_ms", .integer(route.firstBackoff.milliseconds)),
            ("on_cut", .string(route.onCut.rawValue)), ("on_refusal", .string(route.onRefusal.rawValue)),
            ("strategy", .string(route.strategy.rawValue)), ("persona", persona),
        ]
        let weights = route.weights.sorted { $0.key < $1.key }.map { ("weights.\($0.key)", JSON.double($0.value)) }
        return (values + weights).map { ("routes.\(route.name).\($0)", $1) }
    }

    private var breakerValues: [(key: String, value: JSON)] {
        [
            ("breaker.failures", .integer(breaker.failures)),
            ("breaker.window_s", .integer(breaker.window.milliseconds / 1000)),
            ("breaker.open_s", .integer(breaker.openTime.milliseconds / 1000)),
        ]
    }
}

extension Duration {
    fileprivate var milliseconds: Int {
        Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000)
    }
}
