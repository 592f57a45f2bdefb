package import Core
package import PraximousJSON

/// One item below `providers:` of config/providers.yaml, checked: models behind one address, with one key.
///
/// Each entry has a plugin instance of its own.
package struct ProviderEntry: Sendable, Hashable {
    /// Unique, of `A-Za-z0-9_.-`, at most 64: what routes, logs and the audit call it.
    package var name: String
    /// The plugin that speaks to it, such as praximous/openai.
    package var plugin: PluginName
    /// Absolute, http or https, without a user or a slash at the end; nil for a plugin that needs none.
    package var baseURL: String?
    /// What is asked for when a route names the entry alone.
    package var model: String
    /// What it serves besides, as patterns.
    package var models: [ModelPattern]
    /// Lower comes first where no route says otherwise.
    package var priority: Int
    package var key: Key
    /// Further members of the plugin's `config_schema`, an object.
    package var config: JSON
    /// Where the entry stands in the file, from 1.
    package var line: Int

    package init(
        name: String,
        plugin: PluginName,
        baseURL: String? = nil,
        model: String,
        models: [ModelPattern] = [],
        priority: Int = ProviderEntry.standardPriority,
        key: Key = .usual,
        config: JSON = [:],
        line: Int = 0
    ) {
        self.name = name
        self.plugin = plugin
        self.baseURL = baseURL
        self.model = model
        self.models = models
        self.priority = priority
        self.key = key
        self.config = config
        self.line = line
    }

    /// Where the key for it comes from.
    package enum Key: Sendable, Hashable {
        /// The variable that the plugin's skill.yaml names, and only where `baseURL` is the plugin's own.
        case usual
        /// None is sent.
        case none
        case variable(String)
    }

    package static let standardPriority = 100

    /// What reports and logs call the plugin's instance: `praximous/openai#gemini_pro_model`.
    package var label: String { "\(plugin)#\(name)" }

    package func serves(_ model: String) -> Bool { self.model == model || models.contains { $0.matches(model) } }

    /// Whether it is the responder that ships with the host, which is no language model and is never chosen in the place
    /// of one.
    package var isBuiltIn: Bool { plugin == Self.builtIn.plugin }

    /// What answers while no provider is connected.
    package static let builtIn: ProviderEntry = {
        do {
            let plugin = try PluginName.parse("praximous/local")
            return ProviderEntry(name: plugin.name, plugin: plugin, model: "praximous-local", key: .none)
        } catch {
            preconditionFailure("\(error)")
        }
    }()
}
