import Synchronization

/// Work for the threads on which plugin code runs.
final class JobQueue: Sendable {
    private struct State: ~Copyable {
        var jobs: [(@Sendable () -> Void)?] = []
        var head = 0
    }

    private let state = Mutex(State())

    var isEmpty: Bool { state.withLock { $0.head == $0.jobs.count } }

    /// Returns how many jobs now wait.
    func push(_ job: @escaping @Sendable () -> Void) -> Int {
        state.withLock { state in
            state.jobs.append(job)
            return state.jobs.count - state.head
        }
    }

    func pop() -> (@Sendable () -> Void)? {
        state.withLock { state in
            guard state.head < state.jobs.count else { return nil }
            let job = state.jobs[state.head]
            state.jobs[state.head] = nil
            state.head += 1
            if state.head == state.jobs.count {
                state.jobs.removeAll(keepingCapacity: true)
                state.head = 0
            }
            return job
        }
    }
}
