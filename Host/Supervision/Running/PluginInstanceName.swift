package import Core

/// What one instance of a plugin goes by: the plugin's name, and of a provider also the entry that it serves.
package struct PluginInstanceName: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let plugin: PluginName
    /// The name of a provider entry; nil for a plugin that has one instance.
    package let entry: String?

    package init(plugin: PluginName, entry: String? = nil) {
        self.plugin = plugin
        self.entry = entry
    }

    /// `praximous/openai#gemini_pro_model`, `acme/ocr`.
    package var description: String { entry.map { "\(plugin)#\($0)" } ?? "\(plugin)" }

    package static func < (left: PluginInstanceName, right: PluginInstanceName) -> Bool {
        (left.plugin, left.entry ?? "") < (right.plugin, right.entry ?? "")
    }
}
