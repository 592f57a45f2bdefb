import ArgumentParser
import Core
import PraximousJSON
import Registry

struct RegistryTimestamp: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timestamp",
        abstract: "Say anew which index of a store is the newest; run it every few days.",
        discussion: """
            EXAMPLE:
              prax-host registry timestamp store/skills.json --key clock.key
            """
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The store's index.")
    var index: String

    @Option(name: .customLong("key"), help: ArgumentHelp("A timestamp's secret key; several.", valueName: "file"))
    var keys: [String]

    @Option(help: "When it expires (default: in --days).")
    var expires: String?

    @Option(help: "It is good for so many days.")
    var days = 7

    func run() throws {
        let now = SourceDate.time ?? Timestamp(.system)
        let end = try RegistryBuild.time(expires, "--expires") ?? Timestamp(seconds: now.seconds + Int64(days) * 86_400)
        let version = try StoreTrust(index: index)
            .renewTimestamp(index: index, with: keys.map(SigningKey.read), now: now, expires: end)
        if options.json {
            print((["version": .integer(version), "expires": .string(end.description)] as JSON).text)
        } else {
            print("Timestamp \(version), good until \(end).")
        }
    }
}
