import ArgumentParser
import Core

/// `--rpm`, `--tpm`, `--concurrency` and `--budget`, as several commands take them.
struct LimitOptions: ParsableArguments {
    @Option(help: "Requests per minute, or none.")
    var rpm: String?

    @Option(help: "Tokens per minute, or none.")
    var tpm: String?

    @Option(help: "Requests under way at once, or none.")
    var concurrency: String?

    @Option(help: ArgumentHelp("USD for each day, week, month, or in total; or none.", valueName: "usd/period"))
    var budget: String?

    var isEmpty: Bool { rpm == nil && tpm == nil && concurrency == nil && budget == nil }

    /// Those of `limits` that an option names, changed.
    func applied(to limits: UsageLimits) throws -> UsageLimits {
        var limits = limits
        if let rpm { limits.requestsPerMinute = try count(rpm, "--rpm") }
        if let tpm { limits.tokensPerMinute = try count(tpm, "--tpm") }
        if let concurrency { limits.maxConcurrent = try count(concurrency, "--concurrency") }
        if let budget { limits.budget = try parsedBudget(budget) }
        return limits
    }

    private func count(_ text: String, _ option: String) throws -> Int? {
        if text == "none" { return nil }
        guard let number = Int(text), UsageLimits.counts.contains(number) else {
            throw CommandFailure(
                .usage,
                "\(option) is a whole number from 1 to \(UsageLimits.counts.upperBound), or none; found "
                    + "\(text.quotedForMessage())."
            )
        }
        return number
    }

    private func parsedBudget(_ text: String) throws -> Budget? {
        if text == "none" { return nil }
        guard let budget = Budget(text) else {
            let periods = BudgetPeriod.allCases.map(\.rawValue).joined(separator: ", ")
            throw CommandFailure(
                .usage,
                "\(text.quotedForMessage()) is no budget.",
                hint: "Write USD/PERIOD such as 25/month or 0.50/day; the periods are \(periods)."
            )
        }
        return budget
    }
}
