import ArgumentParser
import Core
import PraximousJSON
import Registry

struct PluginsRemove: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove installed packages.",
        discussion: """
            EXAMPLE:
              prax-host plugins remove json_query
            """,
        aliases: ["uninstall"]
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The packages.")
    var packages: [String]

    func run() throws {
        let references = try packages.map { try PackageReference($0) }
        let removal = Removal(layout: StoreLayout(options.installation))
        var removed: [Receipt] = []
        for reference in references {
            let receipt = try removal.remove(reference)
            removed.append(receipt)
            if !options.json { print("\(receipt.name) \(receipt.version) removed.") }
        }
        guard options.json else { return }
        let list = removed.map { receipt -> JSON in
            ["name": .string(receipt.name.description), "version": .string(receipt.version.description)]
        }
        print((["removed": .array(list)] as JSON).text)
    }
}
