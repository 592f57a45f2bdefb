import ArgumentParser
import Core
import PluginRuntime
import PraximousJSON
import Registry

struct PluginsList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show the plugins of this installation. Never asks the network.",
        discussion: """
            STATE is what a host that starts now would do with each; how they fare in a running one is at
            GET /api/v1/plugins.

            EXAMPLE:
              prax-host plugins list
              prax-host plugins list --json
            """,
        aliases: ["ls"]
    )

    @OptionGroup var options: GlobalOptions

    func run() throws {
        let root = options.installation
        let standings = PluginStandings(root: root, configuration: try HostConfiguration.read(root))
        let receipts = try InstalledPackages(layout: StoreLayout(root)).receipts()
        let rows = standings.all.map { standing in
            guard standing.folder.origin == .installed else { return PluginRow(standing, receipt: nil) }
            return PluginRow(standing, receipt: receipts.first { $0.name == standing.manifest.name })
        }
        if options.json { return print(json(rows, standings).text) }
        print(TextTable(header: PluginRow.header, rows: rows.map(\.cells)).text)
        for entry in standings.refused { Terminal.say("refused: \(entry.path): \(entry.refusal.message)") }
        for problem in standings.problems { Terminal.say("\(problem)") }
        guard !options.quiet else { return }
        rows.flatMap(\.remarks).forEach(Terminal.say)
    }

    private func json(_ rows: [PluginRow], _ standings: PluginStandings) -> JSON {
        let refused = standings.refused.map { entry -> JSON in
            ["path": .string(entry.path), "reason": .string(entry.refusal.message)]
        }
        return [
            "plugins": .array(rows.map(\.json)), "refused": .array(refused),
            "problems": .array(standings.problems.map { .string("\($0)") }),
        ]
    }
}
