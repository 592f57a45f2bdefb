import ArgumentParser
import Core
import Gateway
import PluginRuntime
import PraximousJSON

struct ProvidersList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the provider entries, with their models and whether their keys are set.",
        discussion: """
            EXAMPLE:
              prax-host providers list --json
            """
    )

    @OptionGroup var options: GlobalOptions

    func run() throws {
        let root = options.installation
        let standings = try ProviderStandings(root, HostConfiguration.read(root))
        let disabled = standings.configuration.disabled
        if options.json {
            let off: [JSON] = disabled.map { ["name": .string($0), "state": "disabled"] }
            return print((["providers": .array(standings.all.map(\.json) + off)] as JSON).text)
        }
        let rows = standings.all.map { standing in
            [
                standing.entry.name, standing.type, standing.entry.model, standing.address ?? "-",
                standing.key.rawValue,
                standing.refusal?.message ?? "enabled",
            ]
        }
        let off = disabled.map { [$0, "-", "-", "-", "-", "disabled"] }
        print(TextTable(header: ["NAME", "TYPE", "MODEL", "ADDRESS", "KEY", "STATE"], rows: rows + off).text)
    }
}
