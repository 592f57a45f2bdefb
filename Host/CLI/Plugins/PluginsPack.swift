import ArgumentParser
import Core
import Foundation
import PraximousJSON
import Registry

struct PluginsPack: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pack",
        abstract: "Pack a plugin's folder. The same folder gives the same bytes.",
        discussion: """
            The time of every file is SOURCE_DATE_EPOCH, else 1970.

            EXAMPLE:
              prax-host plugins pack ./my-skill -o my-skill.tar.gz --key publisher.key
            """
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The folder with skill.yaml (default: this one).")
    var folder = "."

    @Option(name: .shortAndLong, help: "The file to write (default: NAME-VERSION-PLATFORM.tar.gz).")
    var output: String?

    @Option(help: "The signing key; without it the package is unsigned.")
    var key: String?

    @Option(help: "The platform (default: this machine's).")
    var platform = HostPlatform.current.name

    func run() throws {
        let tree = try PackageTree(folder)
        guard tree.platforms.contains(platform) else {
            let found = tree.platforms.isEmpty ? "none" : tree.platforms.joined(separator: ", ")
            throw CommandFailure(
                .notFound,
                "\(folder) has no library for \(platform); libraries found: \(found).",
                hint: "A package keeps its library below lib/, such as lib/linux-x86_64/skill.so: build it there, "
                    + "and let skill.yaml's `entry` say so."
            )
        }
        let builder = PackageBuilder(
            key: try key.map { try SigningKey.read($0) },
            time: SourceDate.time ?? Timestamp(seconds: 0)
        )
        let path = output ?? PackageBuilder.fileName(tree.manifest, platform)
        let package = try builder.build(tree, platform: platform, to: path)
        if !options.quiet, !tree.leftOut.isEmpty { Terminal.say("Left out: \(tree.leftOut.joined(separator: ", ")).") }
        if options.json {
            let json: JSON = [
                "path": .string(path), "size": .integer(package.size), "sha256": .string(package.digest.hex),
                "signed": .bool(key != nil),
            ]
            print(json.text)
        } else {
            print("\(path)  \(package.size) bytes  sha256:\(package.digest.hex)")
        }
    }
}
