import Access
import Core
import PluginRuntime

/// Gives each plugin its own configuration and the secrets its manifest declares, and nothing else.
struct PluginSettingsSource: Sendable {
    private let configs: [String: PluginSettings]
    private let environment: HostEnvironment

    init(configuration: HostConfiguration, environment: HostEnvironment) {
        configs = configuration.plugins.mapValues { PluginSettings(config: $0.config) }
        self.environment = environment
    }

    func settings(for manifest: Manifest) -> PluginSettings {
        var settings = configs[manifest.name.description] ?? PluginSettings()
        for secret in manifest.secrets { settings.secrets[secret.name] = environment[secret.name] }
        return settings
    }
}
