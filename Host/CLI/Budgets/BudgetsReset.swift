import Access
import ArgumentParser
import Core
import PraximousJSON
import Storage

struct BudgetsReset: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "Forget what was spent in the present period, also in a host that is running."
    )

    @OptionGroup var options: GlobalOptions

    @Argument(help: "user:NAME, team:NAME or key:ID.")
    var who: String

    func run() throws {
        let asked = try BudgetsCommand.subject(who)
        try InstallationFolders.create(options.installation)
        let ring = try KeyRing(root: options.installation)
        let table = try ring.limits()
        let subject = asked.kind == .key ? table.account(ofKey: asked.id) : asked
        guard let budget = table.limits[subject]?.budget else {
            throw CommandFailure(
                .notFound,
                "\(who) has no budget.",
                hint: "`prax-host budgets list` shows who has."
            )
        }
        let account = LedgerAccount(subject: subject, period: budget.period, at: WallClock.system.now())
        try Ledger(path: options.installation.ledgerDatabase).reset(account)
        let usage = try KeyUsage(ring, options.installation)
        print(options.json ? try usage.json(subject).text : "\(who): \(try usage.text(subject)).")
    }
}
