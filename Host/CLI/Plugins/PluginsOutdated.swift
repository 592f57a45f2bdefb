import ArgumentParser
import Core
import PraximousJSON
import Registry

struct PluginsOutdated: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outdated",
        abstract: "Show installed packages that have a newer version in the store.",
        discussion: """
            EXAMPLE:
              prax-host plugins outdated --exit-code
            """
    )

    @OptionGroup var options: GlobalOptions
    @OptionGroup var store: StoreOptions

    @Flag(help: "End with 11 when there is a newer version of one that is not pinned.")
    var exitCode = false

    func run() async throws {
        let layout = StoreLayout(options.installation)
        let receipts = try InstalledPackages(layout: layout).receipts().filter { $0.index != nil }
        let marks = try MarkBook(layout: layout).all()
        let indexes = try await store.browse(options)
        let rows = receipts.compactMap { receipt in indexes.update(for: receipt).map { (receipt, $0) } }
        if options.json {
            let list = rows.map { receipt, update -> JSON in
                [
                    "name": .string("\(receipt.name)"), "version": .string("\(receipt.version)"),
                    "newest": .string("\(update.version)"),
                    "obstacle": update.obstacle.map(JSON.string) ?? .null,
                    "pinned": .bool(marks[receipt.name]?.isPinned ?? false),
                ]
            }
            print((["outdated": .array(list)] as JSON).text)
        } else if rows.isEmpty {
            if !options.quiet { Terminal.say("Everything that came from the store is up to date.") }
        } else {
            var table = TextTable(header: ["ID", "VERSION", "NEWEST", "PINNED"])
            table.rows = rows.map { receipt, update in
                let pinned = marks[receipt.name]?.isPinned == true ? "pinned" : "-"
                return ["\(receipt.name)", "\(receipt.version)", update.text, pinned]
            }
            print(table.text)
        }
        let isOutdated = rows.contains { receipt, update in
            update.obstacle == nil && marks[receipt.name]?.isPinned != true
        }
        if exitCode, isOutdated { throw ArgumentParser.ExitCode(Core.ExitCode.findings.rawValue) }
    }
}
