import ArgumentParser
import Core

struct BudgetsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "budgets",
        abstract: "Show and set what users and teams may use, and begin a spent budget anew.",
        subcommands: [BudgetsList.self, BudgetsSet.self, BudgetsReset.self]
    )

    /// `user:ann`, `team:lab`, `key:abcdefghijkl`.
    static func subject(_ text: String) throws -> LimitSubject {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2, let kind = LimitSubject.Kind(rawValue: parts[0]), LimitSubject.isName(parts[1]) else {
            throw CommandFailure(
                .usage,
                "\(text.quotedForMessage()) names nobody.",
                hint: "Write user:NAME, team:NAME or key:ID."
            )
        }
        return LimitSubject(kind, parts[1])
    }
}
