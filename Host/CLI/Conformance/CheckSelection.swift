import ArgumentParser
import Core
import Foundation
import PraximousJSON

/// Which checks are to run.
struct CheckSelection: ParsableArguments {
    @Option(help: "The strictness, 1 to 10.")
    var level = 5

    @Option(help: ArgumentHelp("Only checks whose name this regular expression finds.", valueName: "regex"))
    var include: String?

    @Flag(help: "Show the checks there are.")
    var list = false

    func validate() throws {
        guard 1...10 ~= level else { throw ValidationError("--level takes 1 to 10.") }
    }

    /// A check that is asked for by name runs whatever its level.
    func checks() throws -> [Check] {
        guard let include else { return ConformanceSuite.checks.filter { $0.level <= level } }
        let regex: Regex<AnyRegexOutput>
        do { regex = try Regex(include) } catch {
            throw CommandFailure(.usage, "--include \(include.quotedForMessage()) is no regular expression: \(error)")
        }
        let found = ConformanceSuite.checks.filter { $0.name.firstMatch(of: regex) != nil }
        guard !found.isEmpty else {
            throw CommandFailure(
                .notFound,
                "No check has a name like \(include.quotedForMessage()).",
                hint: "prax-host plugins test --list"
            )
        }
        return found
    }

    func listing(asJSON: Bool) -> String {
        let checks = ConformanceSuite.checks
        if asJSON {
            let list = checks.map { check -> JSON in
                ["name": .string(check.name), "level": .integer(check.level), "summary": .string(check.summary)]
            }
            return (["checks": .array(list)] as JSON).text
        }
        return TextTable(
            header: ["CHECK", "LEVEL", "EXPECTED"],
            rows: checks.map { [$0.name, String($0.level), $0.summary] }
        ).text
    }
}
