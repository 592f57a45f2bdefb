import Access
import ArgumentParser
import PraximousJSON

struct KeysList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the API keys, newest first; also those that no longer work."
    )

    @OptionGroup var options: GlobalOptions

    func run() throws {
        try InstallationFolders.create(options.installation)
        let records = try KeyRing(root: options.installation).list()
        if options.json {
            print((["keys": .array(records.map(KeyListing.json))] as JSON).text)
        } else {
            let header = ["ID", "NAME", "ROLE", "STATE", "CREATED", "EXPIRES", "LAST USED"]
            print(TextTable(header: header, rows: records.map(KeyListing.row)).text)
        }
    }
}
