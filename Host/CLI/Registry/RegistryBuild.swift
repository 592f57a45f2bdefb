import ArgumentParser
import Core
import Foundation
import PraximousJSON
import Registry

struct RegistryBuild: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Pack plugin folders, write the index that lists them, and sign both.",
        discussion: """
            The same folders, key and dates give the same bytes. Versions that an older index lists stay in it, as they
            are, as long as their packages are there: what has changed needs a new version.

            EXAMPLE:
              prax-host registry build --sources plugins/ --out registry/ --key store.key
            """
    )

    @OptionGroup var options: GlobalOptions

    @Option(help: ArgumentHelp("A folder of package folders, or one package folder.", valueName: "dir"))
    var sources: String

    @Option(help: ArgumentHelp("Packages go to packages/ in this folder.", valueName: "dir"))
    var out: String

    @Option(help: ArgumentHelp("The signing key.", valueName: "file"))
    var key: String

    @Option(help: ArgumentHelp("The index (default: skills.json beside --out).", valueName: "file"))
    var index: String?

    @Option(help: "When the index was made, such as 2026-11-22T19:00:00Z (default: SOURCE_DATE_EPOCH, else now).")
    var generated: String?

    @Option(help: "When the index expires (default: a year after --generated).")
    var expires: String?

    @Option(help: "The index's version, which must never go back (default: --generated in seconds).")
    var indexVersion: Int?

    @Flag(help: "Build versions anew that the index lists; hosts that have seen them will refuse them.")
    var replace = false

    func run() throws {
        let made = try Self.time(generated, "--generated") ?? SourceDate.time ?? Timestamp(.system)
        let builder = StoreBuilder(
            key: try SigningKey.read(key),
            generated: made,
            expires: try Self.time(expires, "--expires") ?? Timestamp(seconds: made.seconds + 365 * 86_400),
            indexVersion: indexVersion ?? Int(made.seconds),
            replaces: replace
        )
        let output = Self.absolute(out)
        let indexPath =
            index.map(Self.absolute)
            ?? URL(fileURLWithPath: output).deletingLastPathComponent().path + "/skills.json"
        let report = try builder.build(sources: Self.absolute(sources), output: output, indexPath: indexPath)
        if !options.quiet { report.notes.forEach(Terminal.say) }
        if options.json {
            let packages = report.packages.map { package -> JSON in
                [
                    "name": .string(package.manifest.name.description), "path": .string(package.path),
                    "version": .string(package.manifest.version.description), "platform": .string(package.platform),
                    "size": .integer(package.size), "sha256": .string(package.digest.hex),
                ]
            }
            print((["index": .string(report.indexPath), "packages": .array(packages)] as JSON).text)
            return
        }
        for package in report.packages {
            print("\(package.manifest.name) \(package.manifest.version) \(package.platform)  \(package.size) bytes")
        }
        print("\(report.indexPath): \(report.packages.count) packages, signed")
    }

    static func time(_ text: String?, _ option: String) throws -> Timestamp? {
        guard let text else { return nil }
        guard let time = Timestamp(text) else {
            throw CommandFailure(
                .usage,
                "\(option) \(text) is no time.",
                hint: "Expected 2026-11-22T19:00:00Z or 2026-11-22."
            )
        }
        return time
    }

    private static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
}
