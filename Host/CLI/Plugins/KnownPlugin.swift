import Core
import PluginRuntime
import Supervision

/// A plugin that a command names, by its full name, its short name or its task type.
struct KnownPlugin {
    let name: PluginName
    /// nil when there is only an entry in the quarantine left of it.
    let folder: PluginFolder?

    /// The one plugin of the installation that `text` means.
    ///
    /// Disabled plugins count as well, and so do those that are gone but quarantined.
    static func find(_ text: String, in root: InstallationRoot) throws -> KnownPlugin {
        let folders = PluginFolders(root: root, configuration: HostConfiguration(), includesDisabled: true)
            .scan().found
        let quarantined = Quarantine(root).list().entries.map(\.plugin)
        let names = Set(folders.filter { $0.isMeant(by: text) }.map(\.manifest.name))
            .union(quarantined.filter { $0.description == text || $0.name == text })
        guard let name = names.first else {
            // What has a damaged entry and nothing else can still be named in full.
            if let name = try? PluginName.parse(text), hasDamagedEntry(name, root) {
                return KnownPlugin(name: name, folder: nil)
            }
            throw CommandFailure(
                .notFound,
                "There is no plugin \(text.quotedForMessage()).",
                hint: "prax-host plugins list shows what is there."
            )
        }
        guard names.count == 1 else {
            throw CommandFailure(
                .usage,
                "\(text.quotedForMessage()) could mean \(names.sorted().map(\.description).joined(separator: " or ")).",
                hint: "Give the full name."
            )
        }
        return KnownPlugin(name: name, folder: folders.first { $0.manifest.name == name })
    }

    private static func hasDamagedEntry(_ name: PluginName, _ root: InstallationRoot) -> Bool {
        do {
            _ = try Quarantine(root).entry(name)
            return false
        } catch {
            return true
        }
    }
}

extension PluginFolder {
    fileprivate func isMeant(by text: String) -> Bool {
        manifest.name.description == text || manifest.name.name == text || manifest.taskType == text
    }
}
