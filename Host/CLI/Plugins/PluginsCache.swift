import ArgumentParser
import Core
import PraximousJSON
import Registry

struct PluginsCache: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache",
        abstract: "Show or empty the cache of downloaded packages.",
        discussion: """
            What lies there is never fetched again, and can be installed by its hash: plugins install sha256:HEX

            EXAMPLE:
              prax-host plugins cache info
            """,
        subcommands: [CacheInfo.self, CacheClean.self]
    )
}

struct CacheInfo: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "info", abstract: "Show what is kept.")

    @OptionGroup var options: GlobalOptions

    func run() throws {
        let layout = StoreLayout(options.installation)
        let entries = try PackageCache(layout: layout).entries()
        let receipts = try InstalledPackages(layout: layout).receipts()
        func user(_ entry: PackageCache.Entry) -> String? {
            receipts.first { $0.archiveDigest == entry.digest }.map { "\($0.name) \($0.version)" }
        }
        if options.json {
            let list = entries.map { entry -> JSON in
                [
                    "sha256": .string(entry.digest.hex), "bytes": .integer(entry.size),
                    "installed": user(entry).map(JSON.string) ?? .null,
                ]
            }
            let total = entries.reduce(0) { $0 + $1.size }
            let json: JSON = [
                "folder": .string(layout.cacheFolder), "bytes": .integer(total), "packages": .array(list),
            ]
            return print(json.text)
        }
        for entry in entries { print("sha256:\(entry.digest.hex)  \(entry.size) bytes  \(user(entry) ?? "-")") }
        print("\(layout.cacheFolder): \(entries.count) packages, \(entries.reduce(0) { $0 + $1.size }) bytes")
    }
}

struct CacheClean: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clean",
        abstract: "Delete all packages that are kept; what is installed, and copies of indexes, stay."
    )

    @OptionGroup var options: GlobalOptions

    func run() throws {
        let removed = try PackageCache(layout: StoreLayout(options.installation)).clean()
        let bytes = removed.reduce(0) { $0 + $1.size }
        if options.json {
            return print((["removed": .integer(removed.count), "bytes": .integer(bytes)] as JSON).text)
        }
        print("\(removed.count) packages deleted, \(bytes) bytes.")
    }
}
