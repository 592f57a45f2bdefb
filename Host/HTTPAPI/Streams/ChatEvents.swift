import Gateway
import Synchronization

/// The events of a model's answer, one by one; `usage` is the last of them.
final class ChatEvents: Sendable {
    private struct State {
        /// Of a chunk that held several.
        var waiting: [ProcessEvent] = []
        var hasEnded = false
        /// Of the answer that counts.
        var digest = TextDigest()
    }

    private let stream: ChatStream
    private let state = Mutex(State())

    init(_ stream: ChatStream) { self.stream = stream }

    /// The next event; nil after the last one.
    ///
    /// One reader at a time.
    func next() async -> ProcessEvent? {
        while true {
            if let event = takeWaiting() { return event }
            guard let event = await stream.next() else { break }
            let events = ProcessEvent.events(of: event)
            state.withLock { state in
                state.waiting = events
                for event in events {
                    if event.kind == .reset { state.digest = TextDigest() }
                    if let text = event.text { state.digest.append(text) }
                }
            }
        }
        guard markEnded(), case .success(let answer) = await stream.result() else { return nil }
        // Its result is there for whoever asks next.
        return ProcessEvent.usage(answer)
    }

    /// Of the text of all events so far that count.
    var digest: String? { state.withLock { $0.digest.text } }

    private func takeWaiting() -> ProcessEvent? {
        state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }
    }

    /// Whether this was the first time.
    private func markEnded() -> Bool {
        state.withLock { state in
            defer { state.hasEnded = true }
            return !state.hasEnded
        }
    }
}
