import Access
import ArgumentParser
import Core
import PraximousJSON
import Storage

struct KeysLimits: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "limits",
        abstract: "Change what an API key may use, and whose limits count for it as well.",
        discussion: """
            What is not named stays; none takes a limit away. A running host follows within a second.

            EXAMPLE:
              prax-host keys limits abcdefghijkl --rpm 60 --budget 25/month
              prax-host keys limits abcdefghijkl --tpm none --team lab
            """
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The key's id, as `keys list` shows it.")
    var id: String

    @OptionGroup var limits: LimitOptions

    @Option(help: "The user that the key belongs to, or none.")
    var user: String?

    @Option(help: "The team that the key belongs to, or none.")
    var team: String?

    func run() throws {
        try InstallationFolders.create(options.installation)
        let ring = try KeyRing(root: options.installation)
        let record = try ring.change(id) { assignment in
            assignment.limits = try limits.applied(to: assignment.limits)
            if let user { assignment.user = user == "none" ? nil : user }
            if let team { assignment.team = team == "none" ? nil : team }
        }
        let usage = try KeyUsage(ring, options.installation)
        if options.json {
            print(try usage.json(record).text)
        } else {
            print("Key \(record.id) (\(record.name)): \(try usage.text(record)).")
        }
    }
}
