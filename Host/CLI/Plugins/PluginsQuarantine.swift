import ArgumentParser
import Core
import PraximousJSON
import Supervision

struct PluginsQuarantine: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quarantine",
        abstract: "Show or let go the plugins that are held back because they failed too often or took the host down.",
        discussion: """
            A plugin stays quarantined over restarts of the host, in the version that failed: a newer version is loaded
            as usual. `plugins restart NAME` lets it go and starts it in one step.

            EXAMPLE:
              prax-host plugins quarantine list
              prax-host plugins quarantine clear acme/weather
            """,
        subcommands: [QuarantineList.self, QuarantineClear.self]
    )
}

struct QuarantineList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show who is quarantined, since when and why.",
        aliases: ["ls"]
    )

    @OptionGroup var options: GlobalOptions

    func run() throws {
        let (entries, problems) = Quarantine(options.installation).list()
        if options.json {
            let damaged = problems.map { JSON.string("\($0)") }
            print((["quarantined": .array(entries.map(\.json)), "problems": .array(damaged)] as JSON).text)
            return
        }
        problems.forEach { Terminal.say("\($0)") }
        guard !entries.isEmpty else {
            if problems.isEmpty, !options.quiet { Terminal.say("No plugin is quarantined.") }
            return
        }
        var table = TextTable(header: ["NAME", "VERSION", "SINCE", "FAULTS", "REASON"])
        table.rows = entries.map { entry in
            [
                entry.plugin.description, entry.version.description, ISOTime.text(entry.since), "\(entry.faults)",
                entry.reason.forTerminal,
            ]
        }
        print(table.text)
    }
}

struct QuarantineClear: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clear",
        abstract: "Let a plugin go: it is loaded at the next start of the host, or by `plugins restart`."
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The plugin, by its full or its short name.")
    var plugin: String?

    @Flag(help: "All of them.")
    var all = false

    func validate() throws {
        guard (plugin != nil) != all else { throw ValidationError("Name one plugin, or give --all.") }
    }

    func run() async throws {
        let root = options.installation
        let subjects = plugin.map { [$0] } ?? []
        let cleared = try await ChangeJournal.run("plugins.quarantine.clear", subjects, options) { journal in
            let entries = Quarantine(root).list().entries
            let cleared = try clear(root)
            for entry in entries where cleared.contains("\(entry.plugin)") {
                try journal.changed(entry.plugin, entry.version)
            }
            return cleared
        }
        if options.json {
            print((["cleared": .array(cleared.map(JSON.string))] as JSON).text)
            return
        }
        if cleared.isEmpty { Terminal.say(plugin.map { "\($0) is not quarantined." } ?? "No plugin is quarantined.") }
        for name in cleared { print("\(name) is no longer quarantined.") }
        guard !cleared.isEmpty, !options.quiet, HostPresence.isServing(root) else { return }
        for name in cleared { Terminal.say("To start it in the running host: prax-host plugins restart \(name)") }
    }

    private func clear(_ root: InstallationRoot) throws -> [String] {
        guard let plugin else { return try Quarantine(root).clearAll() }
        let name = try KnownPlugin.find(plugin, in: root).name
        return try Quarantine(root).clear(name) ? [name.description] : []
    }
}
