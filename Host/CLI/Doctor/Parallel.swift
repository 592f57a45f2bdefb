import PluginRuntime
import Synchronization

/// Work that blocks, on threads of its own, for commands that wait for all of it.
enum Parallel {
    private final class Progress<Value: Sendable>: Sendable {
        let next = Atomic(0)
        let results: Mutex<[Value?]>
        let done = Semaphore()

        init(count: Int) { results = Mutex(Array(repeating: nil, count: count)) }
    }

    /// Runs the jobs, so many at once, and returns what came of them in their order.
    static func map<Value: Sendable>(_ jobs: [@Sendable () -> Value], atOnce: Int) -> [Value] {
        let progress = Progress<Value>(count: jobs.count)
        let work: @Sendable () -> Void = {
            while true {
                let index = progress.next.add(1, ordering: .relaxed).oldValue
                guard index < jobs.count else { break }
                let value = jobs[index]()
                progress.results.withLock { $0[index] = value }
            }
            progress.done.signal()
        }
        var threads = 0
        for _ in 0..<min(atOnce, jobs.count) where DetachedThread.start(named: "prax-check", work) { threads += 1 }
        // Also when no thread can be had.
        work()
        for _ in 0...threads { progress.done.wait() }
        return progress.results.withLock { $0.compactMap(\.self) }
    }
}
