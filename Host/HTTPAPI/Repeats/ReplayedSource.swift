import Core
import Limits
import PluginRuntime
import Synchronization

/// The events of an earlier stream again; nobody is asked.
final class ReplayedSource: Sendable {
    private struct State {
        var events: ArraySlice<ProcessEvent>
        var isRecorded = false
        var failure: Failure?
    }

    private let last: ProcessEvent?
    private let record: @Sendable () async -> Failure?
    private let state: Mutex<State>

    /// `record` is done before the first event goes out; with a failure none does.
    init(_ answer: IdempotentAnswer, record: @escaping @Sendable () async -> Failure?) {
        let events = KeptEvents.events(in: answer.body)
        last = events.last?.replayed
        state = Mutex(State(events: events.dropLast()))
        self.record = record
    }

    var source: StreamSource { StreamSource(next: next, result: result, cancel: cancel) }

    private func next() async -> ProcessEvent? {
        if state.withLock({ !$0.isRecorded }) {
            let failure = await record()
            state.withLock { state in
                state.isRecorded = true
                state.failure = failure ?? state.failure
            }
        }
        return state.withLock { $0.failure == nil ? $0.events.popFirst() : nil }
    }

    private func result() async -> Result<ProcessEvent, Failure> {
        if let failure = state.withLock({ $0.failure }) { return .failure(failure) }
        return last.map { .success($0) } ?? .failure(.callCancelled)
    }

    private func cancel(because loss: Failure) { state.withLock { $0.failure = $0.failure ?? loss } }
}
