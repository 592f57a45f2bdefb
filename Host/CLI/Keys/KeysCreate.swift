import Access
import ArgumentParser
import Core
import PraximousJSON
import Storage

struct KeysCreate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create an API key; the last line of standard output is the key, shown this once.",
        discussion: """
            EXAMPLE:
              prax-host keys create --name laptop --role developer --expires 90d
              prax-host keys create --name echo-only --scope skills:invoke:echo
              prax-host keys create --name ci --rpm 60 --budget 25/month --team lab
            """
    )

    @OptionGroup var options: GlobalOptions

    @Option(help: "What or whom the key is for.")
    var name: String

    @Option(help: "viewer, developer or admin.")
    var role = "developer"

    @Option(help: "Narrows the role, such as skills:invoke:echo; may be given several times.")
    var scope: [String] = []

    @Option(help: "live or test; it stands in the key.")
    var environment = "live"

    @Option(help: "When it ends: 90d, 12h, or 2027-01-31 (default: never).")
    var expires: String?

    @OptionGroup var limits: LimitOptions

    @Option(help: "The user that the key belongs to; the user's limits count as well.")
    var user: String?

    @Option(help: "The team that the key belongs to; the team's limits count as well.")
    var team: String?

    func run() throws {
        let root = options.installation
        try InstallationFolders.create(root)
        let ring = try KeyRing(root: root)
        let made = try ring.create(
            name: name,
            role: try parsed(role, as: Role.self, "--role"),
            scopes: scope.isEmpty ? nil : try scope.map(parsedScope),
            environment: try parsed(environment, as: KeyEnvironment.self, "--environment"),
            expiresAt: try expires.map(parsedExpiry),
            limits: try limits.applied(to: .none),
            user: user,
            team: team
        )
        if options.json {
            var record = try KeyUsage(ring, root).json(made.record).objectValue ?? JSONObject()
            record["key"] = .string(made.secret.exposed)
            print(JSON.object(record).text)
        } else {
            if !options.quiet {
                Terminal.say("Key \(made.record.id) (\(made.record.role.rawValue)) for \(name); it is shown this once:")
            }
            print(made.secret.exposed)
        }
    }

    private func parsedScope(_ text: String) throws -> Scope {
        guard let scope = Scope(text) else {
            throw CommandFailure(
                .usage,
                "'\(text)' is not a scope.",
                hint: "Such as skills:invoke or skills:invoke:echo."
            )
        }
        return scope
    }

    private func parsedExpiry(_ text: String) throws -> Int64 {
        guard let moment = ISOTime.parse(text, now: WallClock.system.now()) else {
            throw CommandFailure(
                .usage,
                "'\(text)' is not a time.",
                hint: "Write 90d, 12h, 2027-01-31 or 2027-01-31T12:00:00Z."
            )
        }
        return moment
    }

    private func parsed<Word: RawRepresentable & CaseIterable>(
        _ text: String,
        as type: Word.Type,
        _ option: String
    ) throws -> Word where Word.RawValue == String {
        guard let word = Word(rawValue: text) else {
            let choices = Word.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandFailure(.usage, "\(option) is one of \(choices), found '\(text)'.")
        }
        return word
    }
}
