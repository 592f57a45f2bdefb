import ArgumentParser
import Core
import PraximousJSON
import Registry

struct PluginsBundle: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle",
        abstract: "Carry packages to a machine without a network, in one file.",
        discussion: """
            A bundle holds packages, what they need, and the signed index, so that it is believed where the index's key
            is trusted and nowhere else.

            EXAMPLE:
              prax-host plugins bundle create -o tools.praxbundle json_query acme/weather
              prax-host plugins bundle install tools.praxbundle
            """,
        subcommands: [BundleCreate.self, BundleInspect.self, BundleInstall.self]
    )
}

struct BundleCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Write packages and all that they need into one file."
    )

    @OptionGroup var options: GlobalOptions
    @OptionGroup var store: StoreOptions

    @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file.praxbundle"))
    var output: String

    @Option(help: "A platform such as linux-aarch64; several times for more (default: this one).")
    var platform: [String] = []

    @Argument(help: "Packages of the store.")
    var packages: [String]

    func run() async throws {
        let progress = InstallProgress(options: options)
        let writer = BundleWriter(
            layout: StoreLayout(options.installation),
            policy: try store.policy(options),
            hooks: InstallHooks(checkLibrary: { _ in }, step: progress.step, progress: progress.advance)
        )
        let contents = try await writer.write(
            packages.map { try PackageReference($0) },
            platforms: platform.isEmpty ? [HostPlatform.current.name] : platform,
            to: output,
            allowUnsigned: store.allowUnsigned
        )
        if options.json { return print((["file": .string(output), "contents": contents.json] as JSON).text) }
        contents.lines.forEach { print($0) }
        print("\(output): \(contents.packages.count) packages")
    }
}

struct BundleInspect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what a bundle holds, with every hash checked, and who signed its index."
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The bundle.")
    var file: String

    func run() async throws {
        let bundle = try BundleReader(file)
        let policy = try StoreOptions.operatorPolicy(options)
        let contents = bundle.contents
        let client = IndexClient(layout: StoreLayout(options.installation), policy: policy)
        let signer = try? await bundle.index(believedBy: client).keyID
        try bundle.checkPackages()
        if options.json {
            let trusted = signer.map { JSON.string($0) } ?? .null
            return print((["contents": contents.json, "trusted_key": trusted] as JSON).text)
        }
        contents.lines.forEach { print($0) }
        print(
            "index \(contents.index.forTerminal), \(signer.map { "signed by \($0)" } ?? "signed by nobody trusted here")"
        )
    }
}

struct BundleInstall: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Install what a bundle was made for, without a network."
    )

    @OptionGroup var change: ChangeOptions

    @Argument(help: "The bundle.")
    var file: String

    func run() async throws {
        let outcomes = Outcomes(change.options)
        try await ChangeJournal.run(
            "plugins.install",
            [file],
            change.options,
            isDryRun: change.dryRun,
            makesInstallation: true
        ) { journal in
            let bundle = try BundleReader(file)
            try await outcomes.collect(journal) { report in
                try await change.pluginStore().install(bundle, options: change.installOptions(), report: report)
            }
        }
        outcomes.show()
    }
}

extension BundleContents {
    fileprivate var lines: [String] {
        packages.map { package in
            "\(package.name) \(package.version) \(package.platform.forTerminal)  \(package.size) bytes"
                + (package.isRequested ? "" : "  (needed)")
        }
    }

    fileprivate var json: JSON {
        let list = packages.map { package -> JSON in
            [
                "name": .string("\(package.name)"), "version": .string("\(package.version)"),
                "platform": .string(package.platform), "bytes": .integer(package.size),
                "sha256": .string(package.digest.hex), "requested": .bool(package.isRequested),
            ]
        }
        return ["index": .string(index), "packages": .array(list)]
    }
}
