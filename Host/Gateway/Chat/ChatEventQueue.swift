package import Core
import PluginRuntime
import Synchronization

/// The events of one streamed answer between the pipeline, which waits when it is too far ahead, and one reader.
package final class ChatEventQueue: Sendable {
    private struct State {
        var events: [ChatEvent] = []
        var queuedBytes = 0
        var isClosed = false
        var reader: CheckedContinuation<ChatEvent?, Never>?
        var writer: CheckedContinuation<Bool, Never>?
        /// Since when the writer waits, in nanoseconds of CLOCK_MONOTONIC.
        var waitingSince: UInt64?
        var rateLimit: RateLimitState?
        var loss: Failure?
    }

    private let state = Mutex(State())
    private let maxQueuedBytes: Int
    private let overhead = Atomic<UInt64>(0)

    /// What the host itself had taken when the answer began; 0 until then.
    package var overheadMicroseconds: Int64 { Int64(clamping: overhead.load(ordering: .relaxed) / 1000) }

    func began(overheadNanoseconds: UInt64) { overhead.store(overheadNanoseconds, ordering: .relaxed) }

    package init(maxQueuedBytes: Int = 16 << 10) { self.maxQueuedBytes = maxQueuedBytes }

    /// Since when the pipeline waits for the reader; nil while it does not.
    var waitingSince: UInt64? { state.withLock { $0.waitingSince } }

    /// What is left of the caller's limits, from the moment at which the request was let in.
    var rateLimit: RateLimitState? {
        get { state.withLock { $0.rateLimit } }
        set { state.withLock { $0.rateLimit = newValue } }
    }

    /// Why the reader has gone before the end; nil while it has not, or said nothing.
    var loss: Failure? { state.withLock { $0.loss } }

    /// Hands an event over; returns when there is room for more, false once nobody reads any more.
    ///
    /// One writer at a time.
    func send(_ event: ChatEvent) async -> Bool {
        let (isOpen, mustWait) = offer(event)
        guard mustWait else { return isOpen }
        return await withCheckedContinuation { continuation in
            let answer = state.withLock { state -> Bool? in
                if state.isClosed { return false }
                guard state.queuedBytes > maxQueuedBytes else { return true }
                state.writer = continuation
                state.waitingSince = MonotonicClock.now()
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    private func offer(_ event: ChatEvent) -> (isOpen: Bool, mustWait: Bool) {
        var reader: CheckedContinuation<ChatEvent?, Never>?
        let answer = state.withLock { state -> (Bool, Bool) in
            if state.isClosed { return (false, false) }
            reader = state.reader.take()
            if reader != nil { return (true, false) }
            state.events.append(event)
            state.queuedBytes += event.byteCount
            return (true, state.queuedBytes > maxQueuedBytes)
        }
        reader?.resume(returning: event)
        return answer
    }

    /// The next event; nil after the last one.
    ///
    /// One reader at a time.
    package func next() async -> ChatEvent? {
        await withCheckedContinuation { continuation in
            enum Step {
                case event(ChatEvent, CheckedContinuation<Bool, Never>?), end, wait
            }
            let step = state.withLock { state -> Step in
                guard !state.events.isEmpty else {
                    if state.isClosed { return .end }
                    state.reader = continuation
                    return .wait
                }
                let event = state.events.removeFirst()
                state.queuedBytes -= event.byteCount
                guard state.queuedBytes <= maxQueuedBytes else { return .event(event, nil) }
                state.waitingSince = nil
                return .event(event, state.writer.take())
            }
            switch step {
            case .event(let event, let writer):
                writer?.resume(returning: true)
                continuation.resume(returning: event)
            case .end: continuation.resume(returning: nil)
            case .wait: break
            }
        }
    }

    /// The reader gets what is queued and then nil; the writer hears that it is over.
    ///
    /// `loss` is why the reader takes no more, if it is the reader who closes: it has left, it does not read.
    package func close(because loss: Failure? = nil) {
        let (reader, writer) = state.withLock { state in
            if !state.isClosed { state.loss = loss }
            state.isClosed = true
            state.waitingSince = nil
            return (state.reader.take(), state.writer.take())
        }
        reader?.resume(returning: nil)
        writer?.resume(returning: false)
    }
}

extension ChatEvent {
    fileprivate var byteCount: Int {
        if case .chunk(let bytes) = self { bytes.count } else { 64 }
    }
}
