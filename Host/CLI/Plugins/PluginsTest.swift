import ArgumentParser
import Core
import Foundation
import PluginRuntime
import PraximousJSON
import Sandbox
import Supervision
import Workers

struct PluginsTest: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Check a plugin: its skill.yaml, its library, how it loads, answers, stops and behaves.",
        discussion: """
            It is loaded as a host would load it, a local plugin in a worker in the sandbox, and what it is denied there
            is shown. Each check has a process and a time-out of its own. Levels go from 1, what a host needs, to 10,
            what no host will ever do to a plugin. Exit code 5 means that a check failed or that a host would refuse it.

            EXAMPLE:
              prax-host plugins test ./my-skill
              prax-host plugins test ./my-skill --level 8 --only-failed --junit results.xml
              prax-host plugins test ./my-skill --include '^operation/' --reproduce 42
              prax-host plugins test --list
            """
    )

    /// As long as a host waits for a start.
    private static let patience = Duration.seconds(10)

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The folder with skill.yaml, or the library in it (default: this folder).")
    var path = "."

    @Option(help: "How it is to run: inproc, process, sandbox or strict (default: as it would in a host).")
    var isolation: IsolationPolicy.Mode?

    @OptionGroup var selection: CheckSelection

    @Flag(help: "Show the checks that failed, and no others.")
    var onlyFailed = false

    @Option(name: .customShort("j"), help: "So many checks at once (default: one for each processor).")
    var jobs: Int?

    @Option(help: ArgumentHelp("Write the results as JUnit XML.", valueName: "file"))
    var junit: String?

    @Option(
        name: .customLong("reproduce"),
        help: ArgumentHelp("Make the random requests of an earlier run, which printed its seed.", valueName: "seed")
    )
    var seed: UInt64?

    func validate() throws {
        if let jobs, !(1...64).contains(jobs) { throw ValidationError("-j takes 1 to 64.") }
    }

    func run() throws {
        if selection.list { return print(selection.listing(asJSON: options.json)) }
        let checks = try selection.checks()
        let folder = try PluginFolder(path: PluginReference.folder(path), origin: .local)
        let configuration = try HostConfiguration.read(options.installation)
        let name = "\(folder.manifest.name)"
        var wanted = configuration.isolation
        if let isolation { wanted.plugins[name, default: IsolationSettings.Plugin()].mode = isolation }
        let decision = IsolationPolicy(settings: wanted).decide(folder.manifest, origin: .local)
        decision.tellNotice(of: folder.manifest)
        // No secrets: nobody has vouched for it yet, and create() is to do without.
        let settings = PluginSettings(config: configuration.plugins[name]?.config ?? [:])
        let load = DryLoad(configuration.workers, patience: Self.patience)
        let outcome = load.run(folder, decision, settings: settings)
        if let refusal = outcome.refusal ?? .printed(outcome.printed, folder.path) {
            // They may be why.
            outcome.denials.forEach { Terminal.say("denied: \($0.sentence)") }
            try writeJUnit(ConformanceReport(refusal, folder))
            throw refusal
        }
        let suite = ConformanceSuite(
            folder: folder,
            decision: decision,
            settings: settings,
            runtime: WorkerRuntime(executable: HostLayout.executable, settings: configuration.workers),
            seed: seed ?? .random(in: 1...999_999_999),
            checks: checks
        )
        let results = suite.run(atOnce: jobs ?? ProcessInfo.processInfo.activeProcessorCount)
        let report = ConformanceReport(suite, selection.level, results, outcome)
        try writeJUnit(report)
        if options.json {
            print(report.json.text)
        } else {
            folder.warnings.forEach(Terminal.say)
            if let warning = decision.warning { Terminal.say(warning) }
            outcome.changed.forEach { Terminal.say("It changed \($0), which is the whole host's.") }
            report.lines(onlyFailed: onlyFailed).forEach { print($0) }
        }
        // What there is to say has been said.
        if report.hasFailed { throw CommandFailure(.incompatible, "", code: "checks_failed") }
    }

    private func writeJUnit(_ report: ConformanceReport) throws {
        guard let junit else { return }
        try report.junit.write(toFile: junit, atomically: true, encoding: .utf8)
    }
}

extension Denial {
    /// What was tried, such as `open /etc/passwd (openat)`.
    var sentence: String {
        let words = what.rawValue == call ? [call, target] : [what.rawValue, target, "(\(call))"]
        return words.filter { !$0.isEmpty }.joined(separator: " ")
    }

    var json: JSON {
        [
            "what": .string(what.rawValue), "call": .string(call), "target": .string(target),
            "errno": .integer(Int(errno)),
        ]
    }
}

extension Refusal {
    /// nil when nothing was printed.
    fileprivate static func printed(_ text: String, _ path: String) -> Refusal? {
        text.isEmpty
            ? nil
            : Refusal(
                .printed,
                "\(path) wrote to standard output while it was being loaded: \(text.prefix(200))",
                fix: "Do no work in constructors; say things through prax.host.log/1."
            )
    }
}
