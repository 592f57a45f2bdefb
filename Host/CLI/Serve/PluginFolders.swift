import Core
import Foundation
import Manifests
import PluginRuntime
import Registry

/// Where the plugins of an installation lie, in order of precedence: bundled, installed, local, `--plugin`.
struct PluginFolders: Sendable {
    let root: InstallationRoot
    private let disabled: Set<String>
    /// Also what is disabled or revoked.
    private let includesDisabled: Bool
    private let extra: [String]
    /// Nothing but what ships with the host.
    private let isBundledOnly: Bool

    init(
        root: InstallationRoot,
        configuration: HostConfiguration,
        extra: [String] = [],
        isBundledOnly: Bool = false,
        includesDisabled: Bool = false
    ) {
        self.root = root
        self.isBundledOnly = isBundledOnly
        self.includesDisabled = includesDisabled
        disabled = Set(configuration.plugins.filter { !$0.value.isEnabled }.keys)
        self.extra = extra.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
    }

    /// The folder for plugins that the operator puts there by hand.
    var localFolder: String { root.pluginsFolder + "/local" }
    /// Their entries change with every install, removal, and decision of the operator about a plugin.
    var changingFolders: [String] {
        let layout = StoreLayout(root)
        return [layout.receiptsFolder, layout.marksFolder, localFolder]
    }

    /// Whether it can be told what was disabled or revoked.
    var hasReadableMarks: Bool { (try? MarkBook(layout: StoreLayout(root)).all()) != nil }

    /// Reads every skill.yaml; no plugin code is touched.
    func scan() -> (found: [PluginFolder], refused: [(path: String, refusal: Refusal)]) {
        var (found, refused) = PluginFolder.discover(below: HostLayout.bundledPlugins, origin: .bundled)
        // Without the marks nobody knows what was disabled or revoked: then only what ships with the host is served.
        guard let marks = marks(&refused) else { return (found.filter { !isDisabled($0, [:]) }, refused) }
        if isBundledOnly { return (found.filter { !isDisabled($0, marks) }, refused) }
        let installed = InstalledPackages.scan(root)
        for problem in installed.refused {
            refused.append((problem.path, Refusal(.changed, problem.reason, fix: problem.fix)))
        }
        for package in installed.packages {
            let isRevoked = marks[package.manifest.name]?.revocation(of: package.receipt) != nil
            if includesDisabled || !isRevoked { Self.read(package.folder, .installed, &found, &refused) }
        }
        let local = PluginFolder.discover(below: localFolder, origin: .local)
        found += local.found
        refused += local.refused
        for path in extra { Self.read(path, .local, &found, &refused) }
        return (found.filter { !isDisabled($0, marks) }, refused)
    }

    private func isDisabled(_ folder: PluginFolder, _ marks: [PluginName: PluginMarks]) -> Bool {
        guard !includesDisabled else { return false }
        let name = folder.manifest.name
        return disabled.contains(name.description) || marks[name]?.isEnabled == false
    }

    private func marks(_ refused: inout [(path: String, refusal: Refusal)]) -> [PluginName: PluginMarks]? {
        let layout = StoreLayout(root)
        do {
            return try MarkBook(layout: layout).all()
        } catch {
            let fix = "Check the permissions of \(layout.marksFolder)."
            refused.append((layout.marksFolder, Refusal(.changed, "\(error)", fix: fix)))
            return nil
        }
    }

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
