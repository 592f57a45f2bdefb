/// The first event of a source, which is waited for with a limit and may come after it.
///
/// A task of its own takes it: taking an event cannot be given up.
struct FirstEvent: Sendable {
    enum Wait: Sendable {
        /// nil when the source ended without one.
        case event(ProcessEvent?)
        case late
    }

    private let taking: Task<ProcessEvent?, Never>

    /// The task ends with the source, which whoever owns this ends.
    init(_ source: StreamSource) { taking = Task { await source.next() } }

    func value() async -> ProcessEvent? { await taking.value }

    func wait(atMost limit: Duration) async -> Wait {
        let (waits, add) = AsyncStream<Wait>.makeStream()
        let watching = Task { [taking] in
            add.yield(.event(await taking.value))
            add.finish()
        }
        let clock = Task {
            try await Task.sleep(for: limit)
            add.yield(.late)
        }
        defer {
            clock.cancel()
            watching.cancel()
        }
        for await wait in waits { return wait }
        return .late
    }
}
