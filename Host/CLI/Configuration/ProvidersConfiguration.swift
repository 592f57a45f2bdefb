import Core
import Foundation
import Gateway

/// Everything config/providers.yaml decides.
struct ProvidersConfiguration: Sendable {
    /// In the order of the file, the enabled ones alone.
    var entries: [ProviderEntry] = []
    /// The names of those with `enabled: false`.
    var disabled: [String] = []
    var routes: [RouteSettings] = []
    var breaker = BreakerSettings()

    /// Reads the file of an installation; nothing where there is none.
    ///
    /// `context` is what it may speak of. Throws ``YAMLProblems`` with every mistake.
    static func read(_ root: InstallationRoot, _ context: ProvidersFile.Context) throws -> ProvidersConfiguration {
        guard FileManager.default.fileExists(atPath: root.providersFile) else { return ProvidersConfiguration() }
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: root.providersFile)))
        return try ProvidersFile(source: root.providersFile, context: context).read(bytes)
    }

    /// The same, or the built-in responder where no provider is on: a new host answers at once, and says what it is.
    ///
    /// `plugins` are those that are there. An entry of that name that is turned off is the operator's word.
    func completed(_ plugins: some Sequence<PluginName>) -> ProvidersConfiguration {
        let entry = ProviderEntry.builtIn
        guard entries.isEmpty, !disabled.contains(entry.name), plugins.contains(entry.plugin) else { return self }
        var completed = self
        completed.entries = [entry]
        // None of them has a provider left.
        completed.routes = []
        return completed
    }
}
