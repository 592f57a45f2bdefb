import PingPong
import PluginRuntime
import Workers

/// From nothing to a worker that has applied its sandbox and loaded its plugin, beside programs that do less.
enum StartCost {
    private static let rounds = 21

    static func measure(_ subject: Subject) throws {
        let runtime = WorkerRuntime(executable: subject.host)
        var (worker, version, nothing): ([Double], [Double], [Double]) = ([], [], [])
        for _ in 0..<rounds {
            nothing.append(try milliseconds("/bin/true"))
            version.append(try milliseconds(subject.host, "version"))
            let start = MonotonicClock.now()
            let started = try subject.start(in: runtime)
            worker.append(Double(MonotonicClock.now() - start) / 1e6)
            started.endNow()
            guard started.waitForEnd(.seconds(5)) else { preconditionFailure("the worker did not end") }
        }
        print(
            "worker_spawn_to_ready_ms \(worker.median.tenths)  prax_host_version_ms \(version.median.tenths)  "
                + "bin_true_ms \(nothing.median.tenths)  ratio_to_version \((worker.median / version.median).hundredths)"
        )
    }

    private struct DidNotRun: Error {}

    private static func milliseconds(_ program: String, _ argument: String? = nil) throws -> Double {
        let took = prax_spawn_nanoseconds(program, argument)
        guard took > 0 else { throw DidNotRun() }
        return took / 1e6
    }
}
