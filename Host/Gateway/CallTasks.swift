/// The owner of calls that nobody's own task waits for: child requests of plugins, and streams whose head is not sent
/// yet.
///
/// They end with the host.
package struct CallTasks: Sendable {
    private let jobs: AsyncStream<@Sendable () async -> Void>
    private let add: AsyncStream<@Sendable () async -> Void>.Continuation

    package init() { (jobs, add) = AsyncStream.makeStream() }

    /// Runs what is started, until cancelled; called once.
    package func run() async {
        await withDiscardingTaskGroup { group in
            for await job in jobs { group.addTask { await job() } }
            group.cancelAll()
        }
    }

    /// Starts a job that goes on to its end, or until the host stops; false once it is stopping.
    package func start(_ job: @escaping @Sendable () async -> Void) -> Bool {
        if case .enqueued = add.yield(job) { return true }
        return false
    }

    /// Starts a job whose task is cancelled when `stop` says so; false once the host is stopping.
    func start(_ job: @escaping @Sendable () async -> Void, until stop: StopSignal) -> Bool {
        let result = add.yield {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await job() }
                group.addTask { await stop.wait() }
                await group.next()
                group.cancelAll()
            }
        }
        if case .enqueued = result { return true }
        return false
    }
}

/// Says once that something is not wanted any more.
struct StopSignal: Sendable {
    private let stream: AsyncStream<Never>
    private let continuation: AsyncStream<Never>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func stop() { continuation.finish() }

    func wait() async { for await _ in stream {} }
}
