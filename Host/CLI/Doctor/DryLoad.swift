import Core
import Logging
import PluginRuntime
import Sandbox
import Supervision
import Workers

/// Loads plugins as a host would, behind the same protection, and lets them go again: none of their code runs in this
/// process.
///
/// Everything here blocks for as long as the start may take.
struct DryLoad: Sendable {
    /// What came of one.
    struct Outcome: Sendable {
        /// Why a host would not load it.
        var refusal: Refusal?
        /// What the sandbox refused it, in order.
        var denials: [Denial] = []
        /// What it printed.
        var printed = ""
        /// What it changed of the process it would share with the host.
        var changed: [String] = []
        /// The layers around it; none inside the host.
        var layers: [LayerReport] = []

        /// Whether all that is wrong is that it took too long.
        var isLate: Bool { refusal?.reason == .timedOut }
    }

    private let runtime: WorkerRuntime
    private let patience: Duration

    /// `patience` is how long a plugin may take until it is ready.
    init(_ settings: WorkerSettings = WorkerSettings(), patience: Duration) {
        var settings = settings
        settings.startTimeout = patience
        self.patience = patience
        runtime = WorkerRuntime(executable: HostLayout.executable, settings: settings)
    }

    /// Starts the process of the next ``run(_:_:settings:)`` already.
    func startAhead() { runtime.startAhead() }

    /// `settings` are what the operator has configured for it.
    func run(_ folder: PluginFolder, _ decision: IsolationPolicy.Decision, settings: PluginSettings) -> Outcome {
        var outcome = Outcome()
        do throws(Refusal) {
            if decision.mode == .inproc {
                // Trusted like the host's own code, and all the same not loaded into this process.
                var probe = PluginProbe(executable: HostLayout.executable)
                probe.timeoutSeconds = Double(patience.nanoseconds) / 1_000_000_000
                outcome.changed = try probe.check(folder: folder.path)
            } else {
                try load(folder, decision, settings, &outcome)
            }
        } catch {
            outcome.refusal = error
        }
        return outcome
    }

    private func load(
        _ folder: PluginFolder,
        _ decision: IsolationPolicy.Decision,
        _ settings: PluginSettings,
        _ outcome: inout Outcome
    ) throws(Refusal) {
        let trial = try PluginTrial(
            folder,
            decision,
            settings: settings,
            patience: patience,
            in: runtime,
            logger: Logger(label: "dry load") { _ in SwiftLogNoOpLogHandler() }
        )
        defer { outcome.denials = trial.denials }
        try trial.start()
        outcome.layers = trial.layers
        outcome.printed = try trial.finish()
    }
}
