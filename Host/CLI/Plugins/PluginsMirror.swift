import ArgumentParser
import Core
import PraximousJSON
import Registry

struct PluginsMirror: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mirror",
        abstract: "Copy a store, or some packages of it, into a folder that serves as one.",
        discussion: """
            Index, signatures and packages are copied byte for byte, so who uses the copy trusts the same keys. What is
            there already is not fetched again; any static web server can serve the folder, or --index names it.

            EXAMPLE:
              prax-host plugins mirror /srv/skills --platform linux-x86_64
              prax-host plugins install weather --index /srv/skills
            """
    )

    @OptionGroup var options: GlobalOptions
    @OptionGroup var store: StoreOptions

    @Argument(help: "The folder.")
    var folder: String

    @Argument(help: "Packages; all of them when none is named.")
    var packages: [String] = []

    @Option(help: "A platform such as linux-aarch64; several times for more (default: all).")
    var platform: [String] = []

    func run() async throws {
        let progress = InstallProgress(options: options)
        let mirror = StoreMirror(
            layout: StoreLayout(options.installation),
            policy: try store.policy(options),
            hooks: InstallHooks(checkLibrary: { _ in }, step: progress.step, progress: progress.advance)
        )
        let report = try await mirror.run(
            to: folder,
            references: packages.map { try PackageReference($0) },
            platforms: platform,
            allowUnsigned: store.allowUnsigned
        )
        if options.json {
            let json: JSON = [
                "folder": .string(folder), "index_version": .integer(report.indexVersion),
                "copied": .integer(report.copied), "kept": .integer(report.kept),
                "elsewhere": .array(report.elsewhere.map(JSON.string)),
            ]
            return print(json.text)
        }
        for address in report.elsewhere where !options.quiet {
            Terminal.say("not copied, the index names it at another place: \(address.forTerminal)")
        }
        print("\(folder): index version \(report.indexVersion), \(report.copied) packages copied, \(report.kept) kept")
    }
}
