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
        let ring = try KeyRing(root: options.installation)
        let records = try ring.list()
        let usage = try KeyUsage(ring, options.installation)
        if options.json {
            print((["keys": .array(try records.map(usage.json))] as JSON).text)
        } else {
            let header = ["ID", "NAME", "ROLE", "STATE", "CREATED", "EXPIRES", "LAST USED", "LIMITS"]
            print(TextTable(header: header, rows: try records.map { KeyListing.row($0) + [try usage.text($0)] }).text)
        }
    }
}
