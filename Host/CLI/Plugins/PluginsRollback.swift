import ArgumentParser
import Core
import Registry

struct PluginsRollback: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Go back to the version of a package that was there before.",
        discussion: """
            The version before is still here and is switched to; --to names another, which comes from the cache or the
            store. To stay there, pin it: the next `upgrade --all` would go forward again.

            EXAMPLE:
              prax-host plugins rollback acme/weather
              prax-host plugins rollback acme/weather --to 1.9.2
            """
    )

    @OptionGroup var change: ChangeOptions

    @Argument(help: "The package.")
    var package: String

    @Option(help: "The version to go back to (default: the one before).")
    var to: String?

    func run() async throws {
        let outcomes = Outcomes(change.options)
        try await ChangeJournal.run("plugins.rollback", [package], change.options, isDryRun: change.dryRun) { journal in
            try await outcomes.collect(journal) { report in
                try await change.pluginStore().rollBack(
                    PackageReference(package),
                    to: try to.map(version),
                    options: change.installOptions(),
                    report: report
                )
            }
        }
        outcomes.show()
    }

    private func version(_ text: String) throws -> SemanticVersion {
        do { return try SemanticVersion.parse(text) } catch { throw CommandFailure(.usage, "--to: \(error).") }
    }
}
