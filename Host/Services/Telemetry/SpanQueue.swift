import Core
import Synchronization

/// Finished requests that wait for their export; bounded, and never in the way of a request.
final class SpanQueue: Sendable {
    private struct State {
        var calls: [ModelCall] = []
        var spans = 0
        var dropped = 0
    }

    private let maxSpans: Int
    private let batchSpans: Int
    private let state = Mutex(State())

    init(maxSpans: Int, batchSpans: Int) {
        self.maxSpans = maxSpans
        self.batchSpans = batchSpans
    }

    /// Spans that were dropped, for want of room or of a collector.
    var dropped: Int { state.withLock { $0.dropped } }

    /// Returns whether a batch has become full with it.
    func add(_ call: ModelCall) -> Bool {
        state.withLock { state in
            guard state.spans + call.spanCount <= maxSpans else {
                state.dropped += call.spanCount
                return false
            }
            let before = state.spans
            state.calls.append(call)
            state.spans += call.spanCount
            return before < batchSpans && state.spans >= batchSpans
        }
    }

    /// The oldest ones, about one batch; empty when nothing waits.
    func take() -> [ModelCall] {
        state.withLock { state in
            var spans = 0
            let end = state.calls.firstIndex { call in
                spans += call.spanCount
                return spans > batchSpans
            }
            // One request alone may have more than a batch.
            let batch = Array(state.calls.prefix(max(1, end ?? state.calls.count)))
            state.calls.removeFirst(batch.count)
            state.spans -= batch.reduce(0) { $0 + $1.spanCount }
            return batch
        }
    }

    /// What could not be sent for want of time, to be the next again.
    func putBack(_ batch: [ModelCall]) {
        state.withLock { state in
            state.calls.insert(contentsOf: batch, at: 0)
            state.spans += batch.reduce(0) { $0 + $1.spanCount }
        }
    }

    func drop(_ batch: [ModelCall]) {
        state.withLock { $0.dropped += batch.reduce(0) { $0 + $1.spanCount } }
    }
}

extension ModelCall {
    /// One for the request, one for each attempt.
    fileprivate var spanCount: Int { 1 + attempts.count }
}
