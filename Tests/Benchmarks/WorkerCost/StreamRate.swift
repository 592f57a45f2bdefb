import PingPong
import PluginRuntime
import Workers

/// A stream of 64-byte events that a task reads, beside writes of the same bytes to a socketpair.
enum StreamRate {
    private static let rounds = 7
    private static let events = 200_000

    static func measure(_ subject: Subject) async throws {
        let worker = try subject.start(in: WorkerRuntime(executable: subject.host))
        var (bare, streamed): ([Double], [Double]) = ([], [])
        for _ in 0..<rounds {
            bare.append(prax_writes_per_second(64, events))
            streamed.append(await rate(worker))
        }
        let ratio = zip(streamed, bare).map { $0 / $1 }.median
        print(
            "stream_events_per_second \(Int(streamed.median))  bare_writes_per_second \(Int(bare.median))  "
                + "ratio \(ratio.hundredths)"
        )
        worker.endNow()
    }

    private static func rate(_ worker: Worker) async -> Double {
        let queue = EventQueue()
        let call = Subject.call("stream", Array(#"{"count":\#(events)}"#.utf8), events: queue)
        let start = MonotonicClock.now()
        async let outcome = worker.call(call)
        var count = 0
        while await queue.next() != nil { count += 1 }
        guard case .result? = await outcome, count == events else { preconditionFailure("\(count) events came") }
        return Double(count) * 1e9 / Double(MonotonicClock.now() - start)
    }
}
