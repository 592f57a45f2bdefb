import ArgumentParser
import Core
import Egress
import PraximousJSON
import Registry

struct PluginsSearch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Look for packages in the store.",
        discussion: """
            EXAMPLE:
              prax-host plugins search json
            """
    )

    @OptionGroup var options: GlobalOptions
    @OptionGroup var store: StoreOptions

    @Argument(help: "A word in the name, the summary, the task type or a category.")
    var term: String?

    @Option(help: "Only this kind: skill, provider or vectorstore.")
    var kind: String?

    @Option(help: "At most this many.")
    var limit = 100

    func run() async throws {
        let indexes = try await store.summaries(options)
        let installed = try InstalledPackages(layout: StoreLayout(options.installation)).receipts()
        let term = term.map(SearchTerm.init)
        let found = indexes.flatMap { index in
            index.index.search(term, kind: kind, limit: max(0, limit)).map { Found($0, index.name, installed) }
        }
        .prefix(max(0, limit))
        if options.json {
            var json: JSONObject = ["indexes": .array(indexes.map(\.json)), "packages": .array(found.map(\.json))]
            json["index"] = indexes.first?.json
            return print(JSON.object(json).text)
        }
        guard !found.isEmpty else { return Terminal.say("Nothing matches.") }
        var table = TextTable(header: ["NAME", "VERSION", "KIND", "INSTALLED", "SUMMARY"])
        table.rows = found.map { $0.row(namesIndex: indexes.count > 1) }
        print(table.text)
    }

    /// One package of one index.
    private struct Found {
        let package: PackageSummary
        let index: String
        let receipt: Receipt?

        init(_ package: PackageSummary, _ index: String, _ receipts: [Receipt]) {
            self.package = package
            self.index = index
            receipt = receipts.first { $0.name.description == package.name }
        }

        var json: JSON {
            var json: JSONObject = ["name": .string(package.name), "index": .string(index)]
            json["version"] = package.version.map(JSON.string) ?? .null
            json["kind"] = .string(package.kind)
            json["summary"] = .string(package.summary)
            json["task_type"] = package.taskType.map(JSON.string) ?? .null
            json["installed"] = receipt.map { .string($0.version.description) } ?? .null
            return .object(json)
        }

        func row(namesIndex: Bool) -> [String] {
            let here = receipt?.version.description ?? "-"
            let name = (namesIndex ? "\(index):" : "") + package.name
            return [name, package.version ?? "-", package.kind, here, package.summary.forTerminal]
        }
    }
}

extension Loaded {
    var json: JSON {
        [
            "name": .string(name), "address": .string(source.address.text), "version": .integer(index.version),
            "generated": index.generated.map { .string($0.description) } ?? .null,
            "trust": .string(trust.rawValue), "cached": .bool(isCached),
        ]
    }
}
