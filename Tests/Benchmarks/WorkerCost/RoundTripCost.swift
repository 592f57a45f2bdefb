import PingPong
import PluginRuntime
import Synchronization
import Workers

/// One call of a worker's echo after the other, beside a socketpair ping-pong of the same bytes.
enum RoundTripCost {
    private static let rounds = 9

    static func measure(_ subject: Subject) async throws {
        let runtime = WorkerRuntime(executable: subject.host)
        let worker = try subject.start(in: runtime)
        for (bytes, calls) in [(200, 20_000), (64 << 10, 4000)] {
            let call = Subject.call("copy", Subject.parameters(bytes))
            var (bare, direct, task): ([Double], [Double], [Double]) = ([], [], [])
            for _ in 0..<rounds {
                bare.append(prax_ping_pong_nanoseconds(bytes, calls) / 1000)
                direct.append(chainCost(worker, call, calls) / 1000)
                task.append(await taskCost(worker, call, calls) / 1000)
            }
            let ratio = zip(direct, bare).map { $0 / $1 }.median
            print(
                "worker_call_\(bytes)_bytes_us \(direct.median.tenths)  bare_ping_pong_us \(bare.median.tenths)  "
                    + "ratio \(ratio.hundredths) (goal <= 1.5)  from_a_task_us \(task.median.tenths)"
            )
        }
        worker.endNow()
    }

    /// Nanoseconds for one call when the next begins where the last one's result is handed over.
    private static func chainCost(_ worker: Worker, _ call: SkillCall, _ count: Int) -> Double {
        let chain = Chain(worker, call, count)
        _ = chain.run(count / 10)
        return Double(chain.run(count)) / Double(count)
    }

    /// Nanoseconds for one call of a task, with the checks that a host makes of the result.
    private static func taskCost(_ worker: Worker, _ call: SkillCall, _ count: Int) async -> Double {
        let start = MonotonicClock.now()
        for _ in 0..<count {
            let outcome = await worker.call(call)
            guard case .result? = outcome else { fatalError("the call failed: \(String(describing: outcome))") }
        }
        return Double(MonotonicClock.now() - start) / Double(count)
    }
}

/// Calls that follow one another without a task between them.
private final class Chain: Sendable {
    private let worker: Worker
    private let call: SkillCall
    private let left = Atomic(0)
    private let done = Semaphore()
    private let deadline = MonotonicClock.deadline(in: .seconds(60))

    init(_ worker: Worker, _ call: SkillCall, _ count: Int) {
        self.worker = worker
        self.call = call
    }

    /// Makes so many calls and returns how long they took together, in nanoseconds.
    func run(_ count: Int) -> UInt64 {
        left.store(count, ordering: .relaxed)
        let start = MonotonicClock.now()
        next()
        done.wait()
        return MonotonicClock.now() - start
    }

    private func next() {
        worker.begin(call, deadline: deadline) { [self] outcome in
            guard case .result(let bytes)? = outcome, bytes.count == call.parameters.count else {
                fatalError("the call failed: \(String(describing: outcome))")
            }
            if left.wrappingSubtract(1, ordering: .relaxed).newValue > 0 { next() } else { done.signal() }
        }
    }
}
