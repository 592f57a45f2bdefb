import Access
import ArgumentParser
import Core
import PraximousJSON
import Storage

struct KeysRotate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Replace an API key by a new one with the same name and rights; the last line is the new key."
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The key's id, as `keys list` shows it.")
    var id: String

    @Option(help: "How long the old key still works: 30m, 12h, 7d (default: not at all).")
    var grace: String?

    func run() throws {
        try InstallationFolders.create(options.installation)
        let made = try KeyRing(root: options.installation).rotate(id, grace: try parsedGrace())
        if options.json {
            var record = KeyListing.json(made.record).objectValue ?? JSONObject()
            record["key"] = .string(made.secret.exposed)
            print(JSON.object(record).text)
        } else {
            if !options.quiet { Terminal.say("Key \(made.record.id) replaces \(id); it is shown this once:") }
            print(made.secret.exposed)
        }
    }

    private func parsedGrace() throws -> Duration {
        guard let grace else { return .zero }
        guard let end = ISOTime.parse(grace, now: 0), end > 0, grace.last?.isLetter == true else {
            throw CommandFailure(.usage, "'\(grace)' is not a length of time.", hint: "Write 30m, 12h or 7d.")
        }
        return .microseconds(end)
    }
}
