import Core
import Foundation
import Manifests
import PluginRuntime
import Registry

/// Where the plugins of an installation lie, in order of precedence: bundled, installed, local, `--plugin`.
struct PluginFolders: Sendable {
    let root: InstallationRoot
    private let disabled: Set<String>
    private let extra: [String]
    /// Nothing but what ships with the host.
    private let isBundledOnly: Bool

    init(
        root: InstallationRoot,
        configuration: HostConfiguration,
        extra: [String] = [],
        isBundledOnly: Bool = false
    ) {
        self.root = root
        self.isBundledOnly = isBundledOnly
        disabled = Set(configuration.plugins.filter { !$0.value.isEnabled }.keys)
        self.extra = extra.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
    }

    /// The folder for plugins that the operator puts there by hand.
    var localFolder: String { root.pluginsFolder + "/local" }
    /// Its entries change with every install and removal.
    var receiptsFolder: String { root.pluginsFolder + "/receipts" }

    /// Reads every skill.yaml; no plugin code is touched.
    func scan() -> (found: [PluginFolder], refused: [(path: String, refusal: Refusal)]) {
        var (found, refused) = PluginFolder.discover(below: HostLayout.bundledPlugins, origin: .bundled)
        if isBundledOnly { return (found.filter { !isDisabled($0) }, refused) }
        let installed = InstalledPackages.scan(root)
        for problem in installed.refused {
            refused.append((problem.path, Refusal(.changed, problem.reason, fix: problem.fix)))
        }
        for package in installed.packages { Self.read(package.folder, .installed, &found, &refused) }
        let local = PluginFolder.discover(below: localFolder, origin: .local)
        found += local.found
        refused += local.refused
        for path in extra { Self.read(path, .local, &found, &refused) }
        return (found.filter { !isDisabled($0) }, refused)
    }

    private func isDisabled(_ folder: PluginFolder) -> Bool { disabled.contains(folder.manifest.name.description) }

    private static func read(
        _ path: String,
        _ origin: PluginFolder.Origin,
        _ found: inout [PluginFolder],
        _ refused: inout [(path: String, refusal: Refusal)]
    ) {
        do {
            found.append(try PluginFolder(path: path, origin: origin))
        } catch {
            refused.append((path, error))
        }
    }
}
