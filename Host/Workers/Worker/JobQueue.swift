import Synchronization

/// Work for the threads on which plugin code runs.
final class JobQueue: Sendable {
    private struct State: ~Copyable {
        var jobs: [(@Sendable () -> Void)?] = []
        var head = 0
    }

    private let state = Mutex(State())
    private let count = Atomic(0)
    private let takenCount = Atomic<UInt64>(0)

    var isEmpty: Bool { count.load(ordering: .sequentiallyConsistent) == 0 }

    /// How many jobs have been taken so far.
    var taken: UInt64 { takenCount.load(ordering: .relaxed) }

    func push(_ job: @escaping @Sendable () -> Void) {
        state.withLock { $0.jobs.append(job) }
        count.wrappingAdd(1, ordering: .sequentiallyConsistent)
    }

    func pop() -> (@Sendable () -> Void)? {
        guard !isEmpty else { return nil }
        let job = state.withLock { state -> (@Sendable () -> Void)? in
            guard state.head < state.jobs.count else { return nil }
            let job = state.jobs[state.head]
            state.jobs[state.head] = nil
            state.head += 1
            if state.head == state.jobs.count {
                state.jobs.removeAll(keepingCapacity: true)
                state.head = 0
            } else if state.head >= 1024 {
                state.jobs.removeFirst(state.head)
                state.head = 0
            }
            return job
        }
        guard let job else { return nil }
        count.wrappingSubtract(1, ordering: .sequentiallyConsistent)
        takenCount.wrappingAdd(1, ordering: .relaxed)
        return job
    }
}
