import Core
import PluginRuntime
import Registry

/// What keeps plugins from being served though nothing is wrong with them: the operator's decision, or the store's.
struct PluginHolds {
    private let configuration: HostConfiguration
    private let marks: [PluginName: PluginMarks]
    private let receipts: [PluginName: Receipt]

    init(root: InstallationRoot, configuration: HostConfiguration) {
        let layout = StoreLayout(root)
        self.configuration = configuration
        // What cannot be read is told as a refused folder.
        marks = (try? MarkBook(layout: layout).all()) ?? [:]
        let all = (try? InstalledPackages(layout: layout).receipts()) ?? []
        receipts = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }
    }

    /// The state and its reason; nil when nothing holds the plugin back.
    func hold(on folder: PluginFolder) -> (state: PluginStanding.State, reason: String?)? {
        let name = folder.manifest.name
        if configuration.plugins["\(name)"]?.isEnabled == false {
            return (.disabled, "praximous.yaml says `plugins: \(name): enabled: false`")
        }
        guard let marks = marks[name] else { return nil }
        if folder.origin == .installed, let receipt = receipts[name], let reason = marks.revocation(of: receipt) {
            return (.revoked, reason)
        }
        return marks.isEnabled ? nil : (.disabled, "`plugins disable` was said; `plugins enable \(name)` undoes it")
    }
}
