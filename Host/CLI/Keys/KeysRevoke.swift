import Access
import ArgumentParser
import PraximousJSON
import Storage

struct KeysRevoke: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Refuse an API key from now on, also in a host that is running."
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The key's id, as `keys list` shows it.")
    var id: String

    func run() throws {
        try InstallationFolders.create(options.installation)
        let record = try KeyRing(root: options.installation).revoke(id)
        if options.json {
            print(KeyListing.json(record).text)
        } else {
            print("Key \(record.id) (\(record.name)) is revoked.")
        }
    }
}
