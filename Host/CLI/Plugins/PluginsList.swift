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

    @Flag(help: "Only this state (default: all of them).")
    var filter = StateFilter.all

    @Flag(help: "Only those for which the kept copy of the index has a newer version.")
    var outdated = false

    enum StateFilter: String, EnumerableFlag {
        case all, enabled, quarantined

        func holds(_ state: PluginStanding.State) -> Bool {
            switch self {
            case .all: true
            case .enabled: state == .enabled
            case .quarantined: state == .quarantined
            }
        }
    }

    /// A larger index takes longer to read than the whole list is to take; `--outdated` reads it all the same.
    private static let maxQuickIndexBytes = 1 << 20

    func run() throws {
        let root = options.installation
        let configuration = try HostConfiguration.read(root)
        let standings = PluginStandings(root: root, configuration: configuration)
        let rows = try rows(standings, configuration).filter { row in
            filter.holds(row.standing.state) && (!outdated || row.update != nil)
        }
        if options.json { return print(json(rows, standings).text) }
        print(TextTable(header: PluginRow.header, rows: rows.map(\.cells)).text)
        for entry in standings.refused { Terminal.say("refused: \(entry.path): \(entry.refusal.message)") }
        for problem in standings.problems { Terminal.say("\(problem)") }
        guard !options.quiet else { return }
        rows.flatMap(\.remarks).forEach(Terminal.say)
    }

    private func rows(_ standings: PluginStandings, _ configuration: HostConfiguration) throws -> [PluginRow] {
        let layout = StoreLayout(options.installation)
        let receipts = try InstalledPackages(layout: layout).receipts()
        let marks = (try? MarkBook(layout: layout).all()) ?? [:]
        let check = receipts.isEmpty ? nil : updateCheck(layout, configuration.store)
        return standings.all.map { standing in
            let name = standing.manifest.name
            let receipt = standing.folder.origin == .installed ? receipts.first { $0.name == name } : nil
            let update = receipt.flatMap { $0.index == nil ? nil : check?.update(for: $0) }
            return PluginRow(standing, receipt: receipt, update: update, isPinned: marks[name]?.isPinned ?? false)
        }
    }

    /// nil when no copy of the index is here, or none that can be believed.
    private func updateCheck(_ layout: StoreLayout, _ policy: StorePolicy) -> UpdateCheck? {
        let maxBytes = outdated ? IndexReader.maxBytes : Self.maxQuickIndexBytes
        let index = try? IndexClient(layout: layout, policy: policy).keptForBrowsing(maxBytes: maxBytes)
        return index.map { UpdateCheck(index: $0.index) }
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
