import ArgumentParser
import Core
import PluginRuntime
import PraximousJSON
import Registry

struct PluginsList: AsyncParsableCommand {
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

    func run() async throws {
        let root = options.installation
        let configuration = try HostConfiguration.read(root)
        let standings = PluginStandings(root: root, configuration: configuration)
        let rows = try await rows(standings, configuration).filter { row in
            filter.holds(row.standing.state) && (!outdated || row.update != nil)
        }
        if options.json { return print(json(rows, standings).text) }
        print(TextTable(header: PluginRow.header, rows: rows.map(\.cells)).text)
        for entry in standings.refused { Terminal.say("refused: \(entry.path): \(entry.refusal.message)") }
        for problem in standings.problems { Terminal.say("\(problem)") }
        guard !options.quiet else { return }
        rows.flatMap(\.remarks).forEach(Terminal.say)
    }

    private func rows(
        _ standings: PluginStandings,
        _ configuration: HostConfiguration
    ) async throws -> [PluginRow] {
        let layout = StoreLayout(options.installation)
        let receipts = try InstalledPackages(layout: layout).receipts()
        let marks = (try? MarkBook(layout: layout).all()) ?? [:]
        let indexes = receipts.isEmpty ? StoreIndexes([]) : await kept(layout, configuration.store)
        return standings.all.map { standing in
            let name = standing.manifest.name
            let receipt = standing.folder.origin == .installed ? receipts.first { $0.name == name } : nil
            let update = receipt.flatMap(indexes.update)
            return PluginRow(standing, receipt: receipt, update: update, isPinned: marks[name]?.isPinned ?? false)
        }
    }

    /// The copies of the indexes that are here and can be believed.
    private func kept(_ layout: StoreLayout, _ policy: StorePolicy) async -> StoreIndexes {
        guard let trust = try? TrustFile(options.installation) else { return StoreIndexes([]) }
        let maxBytes = outdated ? IndexReader.maxBytes : Self.maxQuickIndexBytes
        return await IndexClient(layout: layout, policy: policy.with(trust)).keptForBrowsing(maxBytes: maxBytes)
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
