import Access
import ArgumentParser
import Core
import PraximousJSON
import Storage

struct BudgetsList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List everybody who has limits, with what was spent in the present period."
    )

    @OptionGroup var options: GlobalOptions

    func run() throws {
        try InstallationFolders.create(options.installation)
        let usage = try KeyUsage(KeyRing(root: options.installation), options.installation)
        let subjects = usage.table.limits.keys.sorted { ($0.kind.rawValue, $0.id) < ($1.kind.rawValue, $1.id) }
        if options.json {
            let items: [JSON] = try subjects.map { subject in
                var object = try usage.json(subject).objectValue ?? JSONObject()
                object["kind"] = .string(subject.kind.rawValue)
                object["id"] = .string(subject.id)
                return .object(object)
            }
            print((["budgets": .array(items)] as JSON).text)
        } else {
            let rows = try subjects.map { ["\($0.kind.rawValue):\($0.id)", try usage.text($0)] }
            print(TextTable(header: ["WHO", "LIMITS"], rows: rows).text)
        }
    }
}
