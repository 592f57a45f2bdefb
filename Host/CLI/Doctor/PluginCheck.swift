import Access
import Core
import Foundation
import PluginRuntime
import Sandbox
import Supervision
import Workers

/// Every plugin: whether it loads, how it runs, and whether it is held back.
struct PluginCheck {
    /// The doctor is to be quick; a host waits longer for a start.
    private static let patience = Duration.milliseconds(1500)
    /// Each takes the time of a process's start.
    private static let parallelLoads = 4

    let root: InstallationRoot
    let configuration: HostConfiguration
    let kernel: KernelCheck

    func findings() -> [Finding] {
        let standings = PluginStandings(root: root, configuration: configuration)
        let refused = standings.refused.map { Finding.bad($0.path, $0.refusal.message, fix: $0.refusal.fix) }
        let gone = standings.gone.map { entry in
            Finding.note(
                "\(entry.plugin) \(entry.version)",
                "quarantined since \(ISOTime.text(entry.since)) though it is not installed",
                fix: "prax-host plugins quarantine clear \(entry.plugin)"
            )
        }
        let problems = standings.problems.map { Finding.bad("quarantine", "\($0)") }
        if standings.all.isEmpty { return [nothingShipped] + refused + gone + problems }
        return refused + checkAll(standings.all) + gone + problems + unknownNames(standings)
    }

    private var nothingShipped: Finding {
        .note("plugins", "there are none below \(HostLayout.bundledPlugins)", fix: "make build, or install some")
    }

    /// Several at once, in the order of the list.
    private func checkAll(_ standings: [PluginStanding]) -> [Finding] {
        let load = DryLoad(configuration.workers, patience: Self.patience)
        let settings = settingsSource
        let checks = standings.map { standing -> @Sendable () -> Finding in { check(standing, load, settings) } }
        return Parallel.map(checks, atOnce: Self.parallelLoads)
    }

    /// Without the secrets when the environment file cannot be read, which is another finding.
    private var settingsSource: PluginSettingsSource? {
        let process = ProcessInfo.processInfo.environment
        guard let environment = try? HostEnvironment(process: process, file: root.environmentFile) else { return nil }
        return PluginSettingsSource(configuration: configuration, environment: environment)
    }

    private func check(_ standing: PluginStanding, _ load: DryLoad, _ settings: PluginSettingsSource?) -> Finding {
        let manifest = standing.manifest
        let subject = "\(manifest.name) \(manifest.version)"
        switch standing.state {
        case .disabled: return .ok(subject, "not served: \(standing.reason ?? "disabled")")
        case .revoked:
            return .bad(
                subject,
                "not served: \(standing.reason ?? "revoked")",
                fix: "prax-host plugins upgrade \(manifest.name), or remove it"
            )
        case .refused:
            return .bad(subject, standing.reason ?? "refused", fix: "remove or rename one, or get another version")
        case .quarantined:
            let since = standing.quarantine.map { " since \(ISOTime.text($0.since))" } ?? ""
            return .bad(
                subject,
                "quarantined\(since): \(standing.reason ?? "no reason was noted")",
                fix: "upgrade or mend it, then: prax-host plugins restart \(manifest.name)"
            )
        case .enabled:
            let own = settings?.settings(for: manifest) ?? PluginSettings()
            return judge(load.run(standing.folder, standing.decision, settings: own), standing.decision, subject)
        }
    }

    private func judge(_ outcome: DryLoad.Outcome, _ decision: IsolationPolicy.Decision, _ subject: String) -> Finding {
        let start = decision.firstStart == .withFirstCall ? "; starts \(decision.firstStart.phrase)" : ""
        let detail = "runs \(decision.mode): \(decision.why)\(start)"
        if let refusal = outcome.refusal {
            // A busy machine is no illness of the plugin's.
            return outcome.isLate
                ? .note(subject, refusal.message, fix: refusal.fix) : .bad(subject, refusal.message, fix: refusal.fix)
        }
        if let denial = outcome.denials.first {
            let more = outcome.denials.count > 1 ? " and \(outcome.denials.count - 1) more" : ""
            return .note(
                subject,
                "\(detail); it was denied \(denial.sentence)\(more) while it was being loaded",
                fix: "see prax-host plugins test, and tell its author"
            )
        }
        if let warning = decision.warning {
            return .note(subject, warning, fix: "say in praximous.yaml what it may have, to be rid of this note")
        }
        if decision.programs == .allowed, let notice = decision.notice {
            let words = "\(detail); it \(notice)"
            return .note(subject, words, fix: "to refuse it: `isolation: sandbox` in praximous.yaml")
        }
        let missing = kernel.missing(for: decision.mode)
        guard !missing.isEmpty else { return .ok(subject, detail) }
        let words = "\(detail); this machine lacks \(missing.map(\.layer.rawValue).joined(separator: ", "))"
        let fix = missing.compactMap(\.fix).first ?? "see the section kernel"
        return .note(subject, words, fix: fix)
    }

    /// What praximous.yaml says about plugins that are not there: most often a misspelt name.
    private func unknownNames(_ standings: PluginStandings) -> [Finding] {
        let known = Set(standings.all.map { "\($0.manifest.name)" })
        return configuration.plugins.keys.filter { !known.contains($0) }.sorted().map { name in
            .note(
                name,
                "praximous.yaml has a section for it, and it is not installed",
                fix: "prax-host plugins list has the names; `serve --plugin` may bring it"
            )
        }
    }
}
