import ArgumentParser
import Core
import PraximousJSON
import Registry

struct PluginsUpgrade: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upgrade",
        abstract: "Bring installed packages to their newest version.",
        discussion: """
            Shows what a new version may do that the old one may not, and asks when that is more. A pinned package
            stays; the version before is kept for `rollback`.

            EXAMPLE:
              prax-host plugins upgrade --all --dry-run
              prax-host plugins upgrade acme/weather@^2
            """
    )

    @OptionGroup var change: ChangeOptions

    @Argument(help: "Installed packages, each with a @version to stay within.")
    var packages: [String] = []

    @Flag(help: "Every installed package.")
    var all = false

    @Flag(name: .customLong("pre"), help: "Also versions before a release.")
    var includesPrereleases = false

    func validate() throws {
        guard packages.isEmpty == all else { throw ValidationError("Name packages, or give --all.") }
    }

    func run() async throws {
        let outcomes = Outcomes(change.options)
        let references = try packages.map { try PackageReference($0) }
        let selection = UpgradeSelection(
            references: all ? nil : references,
            includesPrereleases: includesPrereleases
        )
        try await ChangeJournal.run("plugins.upgrade", packages, change.options, isDryRun: change.dryRun) { journal in
            try await outcomes.collect(journal) { report in
                try await change.pluginStore()
                    .upgrade(selection, options: change.installOptions(), report: report)
            }
        }
        outcomes.show()
    }
}
