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
        abstract:
            "Check that a plugin loads: skill.yaml, ELF file, exported symbol, ABI, identity, create and destroy.",
        discussion: """
            It is loaded as a host would load it, a local plugin in a worker in the sandbox, and what it is denied there
            is shown. Exit code 5 means that a host would refuse it.

            EXAMPLE:
              prax-host plugins test ./my-skill
              prax-host plugins test ./my-skill --isolation strict
            """
    )

    /// As long as a host waits for a start.
    private static let patience = Duration.seconds(10)

    @OptionGroup var options: GlobalOptions

    @Argument(help: "The folder with skill.yaml, or the library in it.")
    var path: String

    @Option(help: "How it is to run: inproc, process, sandbox or strict (default: as it would in a host).")
    var isolation: IsolationPolicy.Mode?

    func run() throws {
        let folder = try PluginFolder(path: PluginReference.folder(path), origin: .local)
        let configuration = try HostConfiguration.read(options.installation)
        let name = "\(folder.manifest.name)"
        var wanted = configuration.isolation
        if let isolation { wanted.plugins[name, default: IsolationSettings.Plugin()].mode = isolation }
        let decision = IsolationPolicy(settings: wanted).decide(folder.manifest, origin: .local)
        // No secrets: nobody has vouched for it yet, and create() is to do without.
        let settings = PluginSettings(config: configuration.plugins[name]?.config ?? [:])
        let load = DryLoad(configuration.workers, patience: Self.patience)
        let outcome = load.run(folder, decision, settings: settings)
        if let refusal = outcome.refusal ?? .printed(outcome.printed, folder.path) {
            // They may be why.
            outcome.denials.forEach { Terminal.say("denied: \($0.sentence)") }
            throw refusal
        }
        if options.json { return print(json(folder, decision, outcome).text) }
        folder.warnings.forEach(Terminal.say)
        if let warning = decision.warning { Terminal.say(warning) }
        outcome.changed.forEach { Terminal.say("It changed \($0), which is the whole host's.") }
        print("\(folder.manifest.name) \(folder.manifest.version): ok, as \(decision.mode)")
        for layer in outcome.layers where !layer.isThere {
            print("not there: \(layer.layer.rawValue): \(layer.detail)")
        }
        for denial in outcome.denials { print("denied: \(denial.sentence)") }
    }

    private func json(
        _ folder: PluginFolder,
        _ decision: IsolationPolicy.Decision,
        _ outcome: DryLoad.Outcome
    ) -> JSON {
        var isolation = decision.json
        isolation["layers"] = .array(outcome.layers.map(\.json))
        return [
            "ok": true, "plugin": .string("\(folder.manifest.name) \(folder.manifest.version)"),
            "warnings": .array(folder.warnings.map(JSON.string)),
            "isolation": .object(isolation),
            "denied": .array(outcome.denials.map(\.json)),
            "changed": .array(outcome.changed.map(JSON.string)),
        ]
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
