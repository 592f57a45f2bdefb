import ArgumentParser
import Core
import Registry

struct PluginsInstall: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Install packages and what they need, from the store, from files or from a lock file.",
        discussion: """
            A running host serves what was installed within a second. What the packages may do is shown and asked for;
            --yes does not accept permissions, --accept-permissions does.

            EXAMPLE:
              prax-host plugins install json_query
              prax-host plugins install acme/weather@^1.2 --accept-permissions network.http:api.weather.gov
              prax-host plugins install ./weather-1.2.0-linux-x86_64.tar.gz
              prax-host plugins install -f plugins.lock
            """
    )

    @OptionGroup var change: ChangeOptions

    @Argument(help: "Packages: names, names with @version, files, sha256:HEX in the cache, or URLs with --sha256.")
    var packages: [String] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Install exactly what a lock file says.", valueName: "plugins.lock")
    )
    var file: String?

    @Option(
        name: .customLong("sha256"),
        help: ArgumentHelp("The hash that a package behind a URL has.", valueName: "hex")
    )
    var digest: String?

    @Flag(help: "Install again what is already there.")
    var force = false

    @Flag(help: "Pin what is installed: `upgrade` leaves it at its version.")
    var pin = false

    @Flag(help: "Install and do not serve, until `plugins enable`.")
    var noEnable = false

    func validate() throws {
        guard packages.isEmpty != (file == nil) else {
            throw ValidationError("Name packages, or a lock file with -f, and not both.")
        }
    }

    func run() async throws {
        let outcomes = Outcomes(change.options)
        let subjects = file.map { [$0] } ?? packages
        try await ChangeJournal.run(
            "plugins.install",
            subjects,
            change.options,
            isDryRun: change.dryRun,
            makesInstallation: true
        ) { journal in
            try await outcomes.collect(journal) { report in
                if let file {
                    let lock = try Lockfile.read(file)
                    _ = try await change.pluginStore()
                        .synchronize(with: lock, options: try installOptions(), report: report)
                } else {
                    let references = try packages.map { try PackageReference($0) }
                    try await change.pluginStore().install(references, options: try installOptions(), report: report)
                }
            }
        }
        outcomes.show()
    }

    private func installOptions() throws -> InstallOptions {
        var install = change.installOptions()
        (install.force, install.pins, install.isDisabled) = (force, pin, noEnable)
        if let digest {
            guard let read = SHA256Digest(hex: digest) else {
                throw CommandFailure(.usage, "--sha256 has 64 hexadecimal digits in lower case.")
            }
            install.digest = read
        }
        return install
    }
}
