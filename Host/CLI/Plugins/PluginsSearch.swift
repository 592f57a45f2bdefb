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
        let loaded = try await store.browse(options)
        let installed = try InstalledPackages(layout: StoreLayout(options.installation)).receipts()
        let found = loaded.index.packages.filter(matches).prefix(max(0, limit))
        if options.json {
            let packages = found.map { package -> JSON in
                let here = installed.first { $0.name == package.name }
                return [
                    "name": .string(package.name.description),
                    "version": package.newest.map { .string($0.version.description) } ?? .null,
                    "kind": .string(package.kind), "summary": .string(package.summary),
                    "task_type": package.taskType.map(JSON.string) ?? .null,
                    "installed": here.map { .string($0.version.description) } ?? .null,
                ]
            }
            print((["index": loaded.json, "packages": .array(packages)] as JSON).text)
            return
        }
        guard !found.isEmpty else {
            Terminal.say("Nothing matches.")
            return
        }
        var table = TextTable(header: ["NAME", "VERSION", "KIND", "INSTALLED", "SUMMARY"])
        table.rows = found.map { package in
            [
                package.name.description, package.newest?.version.description ?? "-", package.kind,
                installed.first { $0.name == package.name }?.version.description ?? "-",
                package.summary.forTerminal,
            ]
        }
        print(table.text)
    }

    private func matches(_ package: StoreIndex.Package) -> Bool {
        guard kind.map({ $0 == package.kind }) ?? true else { return false }
        guard let term = term?.lowercased() else { return true }
        let texts = [package.name.description, package.summary, package.taskType ?? ""] + package.categories
        return texts.contains {
            $0.lowercased().contains(term) || $0.lowercased().contains(term.replacing("_", with: "-"))
        }
    }
}

extension StoreIndex.Package {
    /// What an install without a version would look at first.
    var newest: StoreIndex.Version? {
        versions.first { $0.yanked == nil && !$0.version.isPrerelease } ?? versions.first
    }
}

extension LoadedIndex {
    var json: JSON {
        [
            "address": .string(source.address.text), "version": .integer(index.version),
            "generated": index.generated.map { .string($0.description) } ?? .null,
            "trust": .string(trust.rawValue), "cached": .bool(isCached),
        ]
    }
}
