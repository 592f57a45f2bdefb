import Core
import PingPong
import PluginRuntime
import Synchronization
import Workers

/// How soon a caller hears that the plugin crashed, and how soon a plugin that is stuck is gone.
enum EndCost {
    private static let rounds = 11
    private static let timeout = Duration.milliseconds(300)
    private static let grace = Duration.milliseconds(10)

    static func measure(_ subject: Subject) throws {
        var settings = WorkerSettings()
        settings.cancelGrace = grace
        let runtime = WorkerRuntime(executable: subject.host, settings: settings)
        var (crashed, bareCrash): ([Double], [Double]) = ([], [])
        var (answered, gone, bareKill): ([Double], [Double], [Double]) = ([], [], [])
        for _ in 0..<rounds {
            bareCrash.append(prax_crash_nanoseconds() / 1e6)
            crashed.append(try fate(subject, runtime, "crash").heard)
            bareKill.append(prax_kill_nanoseconds() / 1e6)
            let stuck = try fate(subject, runtime, "stuck")
            answered.append(stuck.heard - timeout.milliseconds)
            gone.append(stuck.ended - timeout.milliseconds)
        }
        print(
            "crash_noticed_ms \(crashed.median.hundredths) worst \((crashed.max() ?? 0).hundredths)  "
                + "bare_crash_and_wait_ms \(bareCrash.median.hundredths)  ratio \((crashed.median / bareCrash.median).hundredths)"
        )
        print(
            "stuck_caller_answered_ms_after_deadline \(answered.median.hundredths)  "
                + "stuck_process_gone_ms_after_deadline \(gone.median.hundredths) worst \((gone.max() ?? 0).hundredths)  "
                + "(of it \(grace.milliseconds.tenths) of grace)  bare_kill_and_wait_ms \(bareKill.median.hundredths)"
        )
    }

    /// Milliseconds from the begin of a call that ends badly until its caller hears of it and until the process is gone.
    private static func fate(
        _ subject: Subject,
        _ runtime: WorkerRuntime,
        _ operation: String
    ) throws -> (heard: Double, ended: Double) {
        let (heard, ended) = (Moment(), Moment())
        let worker = try subject.start(in: runtime) { _ in ended.note() }
        let start = MonotonicClock.now()
        let call = Subject.call(operation, timeout: timeout)
        worker.begin(call, deadline: start + timeout.nanoseconds) { outcome in
            guard case .failure? = outcome else { preconditionFailure("the call did not fail") }
            heard.note()
        }
        return (Double(heard.wait() - start) / 1e6, Double(ended.wait() - start) / 1e6)
    }
}

/// When something happened.
private final class Moment: Sendable {
    private let time = Atomic<UInt64>(0)
    private let noted = Semaphore()

    func note() {
        time.store(MonotonicClock.now(), ordering: .sequentiallyConsistent)
        noted.signal()
    }

    /// Waits until it has happened.
    func wait() -> UInt64 {
        noted.wait()
        return time.load(ordering: .sequentiallyConsistent)
    }
}

extension Duration {
    fileprivate var milliseconds: Double { Double(nanoseconds) / 1e6 }
}
