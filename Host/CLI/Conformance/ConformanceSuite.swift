import Core
import PluginRuntime
import Supervision
import Workers

/// All checks, and what came of those that were chosen.
struct ConformanceSuite: Sendable {
    static let checks =
        Check.manifest + Check.library + Check.process + Check.operations + Check.calls + Check.streams
        + Check.providers

    let folder: PluginFolder
    let decision: IsolationPolicy.Decision
    let settings: PluginSettings
    let runtime: WorkerRuntime
    let seed: UInt64
    let checks: [Check]

    /// Runs them, so many at once, and returns the results in their order.
    ///
    /// Each check that runs the plugin has a process for it. Blocks.
    func run(atOnce: Int, finished: @escaping @Sendable (CheckResult) -> Void = { _ in }) -> [CheckResult] {
        let jobs = checks.map { check -> @Sendable () -> CheckResult in
            {
                let result = run(check)
                finished(result)
                return result
            }
        }
        return Parallel.map(jobs, atOnce: max(0, atOnce - 1))
    }

    private func run(_ check: Check) -> CheckResult {
        let begun = MonotonicClock.now()
        let bench = CheckBench(
            folder: folder,
            decision: decision,
            settings: settings,
            runtime: runtime,
            check: check,
            seed: seed,
            deadline: begun.addingClamped(UInt64(check.seconds) * 1_000_000_000)
        )
        let verdict: CheckResult.Verdict
        do {
            verdict = try check.run(bench).map { .skipped($0) } ?? .passed
        } catch let failure as CheckFailure {
            verdict = .failed(failure)
        } catch let refusal as Refusal {
            verdict = .failed(CheckFailure(refusal))
        } catch {
            verdict = .failed(CheckFailure("\(error)", fix: "Try again."))
        }
        let seconds = Double(MonotonicClock.now() - begun) / 1_000_000_000
        return CheckResult(check: check, verdict: verdict, seconds: seconds)
    }
}
