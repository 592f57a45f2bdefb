import Access
import ArgumentParser
import Core
import PraximousJSON
import Storage

struct BudgetsSet: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Set what a user or team may use with all keys together.",
        discussion: """
            What is not named stays; none takes a limit away. A running host follows within a second.

            EXAMPLE:
              prax-host budgets set team:lab --budget 100/month --rpm 600
            """
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "user:NAME or team:NAME.")
    var who: String

    @OptionGroup var limits: LimitOptions

    func run() throws {
        let subject = try BudgetsCommand.subject(who)
        guard subject.kind != .key else {
            throw CommandFailure(.usage, "A key's limits are set with `prax-host keys limits \(subject.id)`.")
        }
        try InstallationFolders.create(options.installation)
        let ring = try KeyRing(root: options.installation)
        let now = try limits.applied(to: ring.limits().limits[subject] ?? .none)
        try ring.setLimits(now, for: subject)
        let usage = try KeyUsage(ring, options.installation)
        print(options.json ? try usage.json(subject).text : "\(who): \(try usage.text(subject)).")
    }
}
