import Access
import Core
import Foundation
import Gateway
import PluginRuntime
import PraximousJSON

/// The provider entries as a host would take them from the disk now.
struct ProviderStandings {
    enum Key: String {
        /// It is set.
        case present
        /// A variable is named, or is the vendor's usual one, and is not set.
        case missing
        /// None is sent.
        case none
    }

    struct Standing {
        let entry: ProviderEntry
        /// Nil when it could not be started.
        let settings: ProviderSettings?
        /// Why.
        let refusal: Refusal?

        var key: Key {
            guard let settings else { return .none }
            if settings.missingVariable != nil { return .missing }
            return settings.settings.secrets.isEmpty ? .none : .present
        }
    }

    let configuration: ProvidersConfiguration
    let all: [Standing]

    /// Throws ``YAMLProblems`` for a file that is wrong.
    init(_ root: InstallationRoot, _ host: HostConfiguration) throws {
        let environment = try HostEnvironment(
            process: ProcessInfo.processInfo.environment,
            file: root.environmentFile
        )
        let folders = PluginFolders(root: root, configuration: host).scan().found
        let plugins = folders.filter { $0.manifest.kind == .provider }
        let context = ProvidersFile.Context(plugins: Set(plugins.map(\.manifest.name))) { environment[$0] }
        configuration = try ProvidersConfiguration.read(root, context).completed(plugins.map(\.manifest.name))
        all = configuration.entries.map { entry in
            guard let folder = plugins.first(where: { $0.manifest.name == entry.plugin }) else {
                return Standing(entry: entry, settings: nil, refusal: .noPlugin(entry))
            }
            do throws(Refusal) {
                let settings = try ProviderSettings(entry, folder) { environment[$0] }
                return Standing(entry: entry, settings: settings, refusal: nil)
            } catch {
                return Standing(entry: entry, settings: nil, refusal: error)
            }
        }
    }
}

extension Refusal {
    static func noPlugin(_ entry: ProviderEntry) -> Refusal {
        Refusal(
            .manifest,
            "the provider plugin \(entry.plugin) of \(entry.name) is not installed, or is disabled",
            fix: "Run prax-host plugins list, then install or enable it."
        )
    }
}

extension ProviderStandings.Standing {
    /// Where its models are; nil for one that asks nobody.
    var address: String? { settings?.settings.config["base_url"]?.stringValue }

    var type: String { entry.plugin.owner == "praximous" ? entry.plugin.name : entry.plugin.description }

    var json: JSON {
        [
            "name": .string(entry.name), "type": .string(type), "plugin": .string(entry.plugin.description),
            "base_url": address.map(JSON.string) ?? .null, "model": .string(entry.model),
            "models": .array(entry.models.map { .string($0.description) }), "priority": .integer(entry.priority),
            "key": .string(key.rawValue), "variable": settings?.missingVariable.map(JSON.string) ?? .null,
            "state": refusal == nil ? "enabled" : "refused", "reason": refusal.map { .string($0.description) } ?? .null,
        ]
    }
}
