import ArgumentParser
import Core
import PraximousJSON
import Registry

struct PluginsSync: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Make the installed packages those of a lock file, by their hashes.",
        discussion: """
            EXAMPLE:
              prax-host plugins sync -f plugins.lock --prune --accept-permissions all
            """
    )

    @OptionGroup var change: ChangeOptions

    @Option(name: .shortAndLong, help: "The lock file.")
    var file: String

    @Flag(help: "Also remove what the lock file does not name.")
    var prune = false

    func run() async throws {
        let outcomes = Outcomes(change.options)
        var removed: [Receipt] = []
        try await ChangeJournal.run(
            "plugins.sync",
            [file],
            change.options,
            isDryRun: change.dryRun,
            makesInstallation: true
        ) { journal in
            let lock = try Lockfile.read(file)
            removed = try await outcomes.collect(journal) { report in
                try await change.pluginStore().synchronize(
                    with: lock,
                    options: change.installOptions(),
                    prunes: prune,
                    report: report
                )
            }
            guard !change.dryRun else { return }
            for receipt in removed { try journal.changed(receipt.name, receipt.version) }
        }
        let verb = change.dryRun ? "would be removed" : "removed"
        for receipt in removed where !change.options.json { print("\(receipt.name) \(receipt.version) \(verb).") }
        outcomes.show(["removed": .array(removed.map { .string("\($0.name)") })])
    }
}
