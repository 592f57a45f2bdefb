import ArgumentParser
import Core
import PraximousJSON
import Registry

struct PluginsInfo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Show what the store knows about a package.",
        discussion: """
            EXAMPLE:
              prax-host plugins info json_query
            """
    )

    @OptionGroup var options: GlobalOptions
    @OptionGroup var store: StoreOptions

    @Argument(help: "The package.")
    var package: String

    func run() async throws {
        let reference = try PackageReference(package)
        let loaded = try await store.browse(options)
        let found = try Resolver(index: loaded.index, platform: .current).package(for: reference)
        let installed = try InstalledPackages(layout: StoreLayout(options.installation)).receipts()
            .first { $0.name == found.name }
        if options.json {
            print(json(found, installed).text)
        } else {
            print(lines(found, installed).joined(separator: "\n"))
        }
    }

    private func lines(_ package: StoreIndex.Package, _ installed: Receipt?) -> [String] {
        var lines = ["\(package.name)  \(package.summary.onOneLine)"]
        func add(_ label: String, _ text: String?) {
            if let text { lines.append(label.padding(to: 13) + text.onOneLine) }
        }
        add("kind", package.kind)
        add("task type", package.taskType)
        add("license", package.license)
        add("homepage", package.homepage)
        add("deprecated", package.deprecated)
        let asked = package.newest?.permissions ?? []
        add("permissions", asked.isEmpty ? "none" : asked.joined(separator: ", "))
        add("installed", installed.map { "\($0.version), \($0.signedBy)" } ?? "no")
        lines.append("versions")
        for version in package.versions {
            let platforms = version.artifacts.map(\.platform).joined(separator: ", ")
            let yanked = version.yanked.map { "  taken back: \($0.onOneLine)" } ?? ""
            let abi = "ABI \(version.abiMajor).\(version.abiMinMinor)"
            lines.append("  \(version.version)  \(abi)  \(platforms)  \(version.published?.onOneLine ?? "")\(yanked)")
        }
        return lines
    }

    private func json(_ package: StoreIndex.Package, _ installed: Receipt?) -> JSON {
        let versions = package.versions.map { version -> JSON in
            [
                "version": .string(version.version.description),
                "published": version.published.map(JSON.string) ?? .null,
                "abi": ["major": .integer(Int(version.abiMajor)), "min_minor": .integer(Int(version.abiMinMinor))],
                "min_host": version.minHost.map { .string($0.description) } ?? .null,
                "permissions": .array(version.permissions.map(JSON.string)),
                "yanked": version.yanked.map(JSON.string) ?? .null,
                "platforms": .array(version.artifacts.map { .string($0.platform) }),
            ]
        }
        return [
            "name": .string(package.name.description), "kind": .string(package.kind),
            "summary": .string(package.summary), "task_type": package.taskType.map(JSON.string) ?? .null,
            "license": package.license.map(JSON.string) ?? .null,
            "homepage": package.homepage.map(JSON.string) ?? .null,
            "deprecated": package.deprecated.map(JSON.string) ?? .null,
            "installed": installed.map { .string($0.version.description) } ?? .null, "versions": .array(versions),
        ]
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
