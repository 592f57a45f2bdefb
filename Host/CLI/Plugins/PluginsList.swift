import ArgumentParser
import Core
import PluginRuntime
import PraximousJSON
import Registry

struct PluginsList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show the plugins of this installation. Never asks the network.",
        aliases: ["ls"]
    )

    @OptionGroup var options: GlobalOptions

    func run() throws {
        let configuration = try HostConfiguration.read(options.installation)
        let (found, refused) = PluginFolders(root: options.installation, configuration: configuration).scan()
        let receipts = try InstalledPackages(layout: StoreLayout(options.installation)).receipts()
        let rows = found.map { folder in
            let isInstalled = folder.path.hasPrefix(StoreLayout(options.installation).storeFolder + "/")
            let receipt = isInstalled ? receipts.first { $0.name == folder.manifest.name } : nil
            return PluginRow(folder.manifest, origin: "\(folder.origin)", receipt: receipt)
        }
        if options.json {
            let problems = refused.map { entry -> JSON in
                ["path": .string(entry.path), "reason": .string(entry.refusal.message)]
            }
            print((["plugins": .array(rows.map(\.json)), "refused": .array(problems)] as JSON).text)
            return
        }
        var table = TextTable(header: ["NAME", "VERSION", "KIND", "TASK TYPE", "ORIGIN", "SIGNED BY"])
        table.rows = rows.map(\.cells)
        print(table.text)
        for entry in refused { Terminal.say("refused: \(entry.path): \(entry.refusal.message)") }
    }
}
