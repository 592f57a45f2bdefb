import Core
import PluginRuntime
import PraximousJSON
import Supervision
import Workers

/// What one check has to work with.
struct CheckBench: Sendable {
    let folder: PluginFolder
    let decision: IsolationPolicy.Decision
    let settings: PluginSettings
    let runtime: WorkerRuntime
    let check: Check
    /// All random requests come from it.
    let seed: UInt64
    /// A moment of CLOCK_MONOTONIC.
    let deadline: UInt64

    private static let maxCallTime = Duration.seconds(10)

    var manifest: Manifest { folder.manifest }
    var operations: [Manifest.Operation] { manifest.operations }
    /// How long it may take until the plugin is ready.
    var patience: Duration { min(.seconds(10), MonotonicClock.left(until: deadline)) }
    var random: SeededGenerator { SeededGenerator(seed: seed, name: check.name) }

    /// What one call may take here.
    func timeout(_ operation: Manifest.Operation) -> Duration {
        min(operation.timeout ?? Self.maxCallTime, Self.maxCallTime, MonotonicClock.left(until: deadline))
    }

    /// Throws when the check's time is over.
    func checkTime() throws {
        guard MonotonicClock.now() >= deadline else { return }
        throw CheckFailure(
            "the check was not done within \(check.seconds) s",
            fix: "Answer faster; an operation that needs long says so with timeout_s."
        )
    }

    /// Lends a trial, and sees that the plugin goes as it should.
    func withTrial(_ body: (CheckTrial) throws -> Void) throws {
        let trial = try CheckTrial(self)
        do {
            try body(trial)
        } catch {
            try? trial.finish()
            throw error
        }
        try trial.finish()
    }

    /// What is seen of the plugin from inside its process.
    func observe(cycles: Int = 0) throws -> PluginObservation {
        var observer = PluginObserver(executable: HostLayout.executable)
        observer.cycles = cycles
        observer.timeoutSeconds = Double(MonotonicClock.left(until: deadline).nanoseconds) / 1_000_000_000
        return try observer.observe(
            folder: folder.path,
            config: settings.config,
            isConfined: decision.mode >= .sandbox
        )
    }
}

extension CheckFailure {
    init(_ refusal: Refusal) { self.init(refusal.message, fix: refusal.fix) }
}
