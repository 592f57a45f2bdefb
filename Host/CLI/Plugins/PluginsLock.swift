import ArgumentParser
import Core
import PraximousJSON
import Registry

struct PluginsLock: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock",
        abstract: "Write what is installed, with hashes, to a file from which other machines can be made the same.",
        discussion: """
            Hashes for other platforms than this one come from the index.

            EXAMPLE:
              prax-host plugins lock -o plugins.lock
              prax-host plugins lock --platform linux-x86_64 --platform linux-aarch64
            """
    )

    @OptionGroup var options: GlobalOptions
    @OptionGroup var store: StoreOptions

    @Option(help: "A platform such as linux-aarch64; several times for more (default: all that the index has).")
    var platform: [String] = []

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write it; - for standard output.", valueName: "file"))
    var output = "plugins.lock"

    func run() async throws {
        let layout = StoreLayout(options.installation)
        let lock = try Lockfile(
            of: layout,
            indexes: try await store.browse(options),
            platforms: platform.isEmpty ? nil : platform
        )
        for package in lock.packages {
            let missing = platform.filter { package.archives[$0] == nil }
            guard missing.isEmpty else {
                throw CommandFailure(
                    .incompatible,
                    "The index has no \(package.name) \(package.version) for \(missing.joined(separator: ", ")).",
                    hint: "Leave out that platform, or use the index that the package came from."
                )
            }
        }
        if output == "-" { return print(String(decoding: lock.encoded(), as: UTF8.self), terminator: "") }
        try lock.write(to: output)
        if options.json {
            return print((["file": .string(output), "packages": .integer(lock.packages.count)] as JSON).text)
        }
        print("\(output): \(lock.packages.count) packages")
    }
}
