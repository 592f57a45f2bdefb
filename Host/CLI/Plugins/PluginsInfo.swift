import ArgumentParser
import Core
import Foundation
import PluginRuntime
import PraximousJSON
import Registry
import Supervision

struct PluginsInfo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Show what is known about a plugin: from the store, and what this machine grants it.",
        discussion: """
            Of a plugin that is there, the layers of protection are those that this machine has, not those that were
            asked for. How it fares in a running host only that host can tell: GET /api/v1/plugins/OWNER/NAME.

            EXAMPLE:
              prax-host plugins info json_query
              prax-host plugins info ./my-skill
            """
    )

    @OptionGroup var options: GlobalOptions
    @OptionGroup var store: StoreOptions

    @Argument(help: "A package of the store, a plugin of this installation, or a plugin's folder.")
    var package: String

    func run() async throws {
        let root = options.installation
        let configuration = try HostConfiguration.read(root)
        let standing = try findHere(root, configuration)
        let inStore = try await findInStore(standing)
        let installed = try InstalledPackages(layout: StoreLayout(root)).receipts()
            .first { $0.name == (inStore?.name ?? standing?.manifest.name) }
        let details = standing.map { PluginDetails($0, isHostRunning: HostPresence.isServing(root)) }
        let info = PluginInfo(package: inStore, manifest: standing?.manifest, installed: installed, details: details)
        print(options.json ? info.json.text : info.lines.joined(separator: "\n"))
    }

    /// The plugin of this installation, or of the folder that was named.
    private func findHere(_ root: InstallationRoot, _ configuration: HostConfiguration) throws -> PluginStanding? {
        if package.contains("/"), FileManager.default.fileExists(atPath: package + "/skill.yaml") {
            let path = URL(fileURLWithPath: package).standardizedFileURL.path
            return PluginStanding(try PluginFolder(path: path, origin: .local), configuration)
        }
        let known: KnownPlugin
        do {
            // A version after @ says which package of the store is meant.
            known = try KnownPlugin.find(String(package.prefix { $0 != "@" }), in: root)
        } catch let failure as CommandFailure where failure.exitCode == .notFound {
            return nil
        }
        return PluginStandings(root: root, configuration: configuration).all
            .first { $0.manifest.name == known.name }
    }

    /// Also says where a plugin may be that only the running host knows.
    private func unknown(_ error: any Error) -> any Error {
        guard HostPresence.isServing(options.installation) else { return error }
        let failure = CommandFailure(error, parser: Self.self)
        let elsewhere = "What `serve --plugin` brought only the running host knows: GET /api/v1/plugins (admin key)."
        let hint = [failure.hint, elsewhere].compactMap(\.self).joined(separator: " ")
        return CommandFailure(failure.exitCode, failure.message, hint: hint, code: failure.code)
    }

    /// The package of the store; nil when there is none and the plugin is here.
    private func findInStore(_ standing: PluginStanding?) async throws -> StoreIndex.Package? {
        do {
            let reference = try PackageReference(standing.map { "\($0.manifest.name)" } ?? package)
            return try await store.browse(options).find(reference, installed: nil).package
        } catch {
            guard standing != nil else { throw unknown(error) }
            if !options.quiet {
                Terminal.say("The store tells nothing: \((error as? RegistryError)?.message ?? "\(error)")")
            }
            return nil
        }
    }
}
