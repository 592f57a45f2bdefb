import ArgumentParser
import Core
import Foundation
import PraximousJSON
import Registry
import Services
import Storage
import Supervision

struct PluginsRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove installed packages.",
        discussion: """
            Refuses while other packages need them. What a plugin kept for itself stays, for the day it comes back,
            unless --purge is given.

            EXAMPLE:
              prax-host plugins remove json_query
              prax-host plugins remove acme/weather --purge
            """,
        aliases: ["uninstall"]
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The packages.")
    var packages: [String]

    @Flag(help: "Also delete what the plugins kept: their key-value stores, their folders and their quarantine.")
    var purge = false

    @Flag(help: "Show what would be removed, and change nothing.")
    var dryRun = false

    func run() async throws {
        let root = options.installation
        let leftovers = PluginLeftovers(root: root)
        let purge: (@Sendable (PluginName) throws -> Void)? =
            self.purge ? { @Sendable in try leftovers.remove($0) } : nil
        let outcome = try await ChangeJournal.run("plugins.remove", packages, options, isDryRun: dryRun) { journal in
            let references = try packages.map { try PackageReference($0) }
            let outcome = try Removal(layout: StoreLayout(root), purge: purge).remove(references, isDryRun: dryRun)
            for receipt in outcome.removed { try journal.changed(receipt.name, receipt.version) }
            return outcome
        }
        if options.json { return print(json(outcome).text) }
        let verb = dryRun ? "would be removed" : "removed"
        for receipt in outcome.removed { print("\(receipt.name) \(receipt.version) \(verb).") }
        guard !options.quiet else { return }
        if !outcome.orphans.isEmpty {
            let names = outcome.orphans.map(\.name.description).joined(separator: " ")
            Terminal.say("Nobody needs any more: \(names)")
            Terminal.say("  prax-host plugins remove \(names)")
        }
        let configuration = try HostConfiguration.read(root)
        for receipt in outcome.removed where self.purge && configuration.plugins["\(receipt.name)"] != nil {
            Terminal.say("praximous.yaml still has a section for \(receipt.name); delete it there.")
        }
    }

    private func json(_ outcome: Removal.Outcome) -> JSON {
        func list(_ receipts: [Receipt]) -> JSON {
            .array(
                receipts.map {
                    ["name": .string($0.name.description), "version": .string($0.version.description)]
                }
            )
        }
        return [
            "removed": list(outcome.removed), "orphans": list(outcome.orphans), "purged": .bool(purge),
            "dry_run": .bool(dryRun),
        ]
    }
}

/// What a plugin leaves when it goes: its values, its folder, and its place in the quarantine.
struct PluginLeftovers: Sendable {
    let root: InstallationRoot

    func remove(_ name: PluginName) throws {
        if FileManager.default.fileExists(atPath: root.pluginDatabase) {
            try PluginValues(path: root.pluginDatabase).removeAll(of: name)
        }
        let folder = root.pluginDataFolder + "/" + name.folderName
        if FileManager.default.fileExists(atPath: folder) { try FileManager.default.removeItem(atPath: folder) }
        try Quarantine(root).clear(name)
    }
}
