package import Core
import PluginRuntime
import Synchronization

/// The events of one streamed answer between the pipeline, which waits when it is too far ahead, and one reader.
package final class ChatEventQueue: Sendable {
    /// Takes events on the task of whoever brings them: one step less for each than a reader on a task of its own.
    package struct Taker: Sendable {
        /// Returns when there is room for more, false once nobody reads any more.
        let take: @Sendable (ChatEvent) async -> Bool
        /// Ends a `take` that waits.
        let stop: @Sendable () -> Void

        package init(take: @escaping @Sendable (ChatEvent) async -> Bool, stop: @escaping @Sendable () -> Void) {
            self.take = take
            self.stop = stop
        }
    }

    private struct State {
        var events: [ChatEvent] = []
        var queuedBytes = 0
        var isClosed = false
        var reader: CheckedContinuation<ChatEvent?, Never>?
        var taker: Taker?
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
        switch offer(event) {
        case .goes(let taker):
            let isOpen = await taker.take(event)
            return endTaking() && isOpen
        case .isDone(let isOpen): return isOpen
        case .isFull: break
        }
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

    /// Where an event is when it was offered.
    private enum Offer {
        /// It goes to whoever takes it at once.
        case goes(to: Taker)
        /// It waits for the reader or has gone there, or nobody reads.
        case isDone(isOpen: Bool)
        /// It waits for the reader, and the next one has no room.
        case isFull
    }

    private func endTaking() -> Bool {
        state.withLock { state in
            state.waitingSince = nil
            return !state.isClosed
        }
    }

    /// Decides at once: an event that is queued when the reader has gone over to a taker would stay there.
    private func offer(_ event: ChatEvent) -> Offer {
        var reader: CheckedContinuation<ChatEvent?, Never>?
        let offer = state.withLock { state -> Offer in
            if state.isClosed { return .isDone(isOpen: false) }
            if let taker = state.taker {
                state.waitingSince = MonotonicClock.now()
                return .goes(to: taker)
            }
            reader = state.reader.take()
            if reader != nil { return .isDone(isOpen: true) }
            state.events.append(event)
            state.queuedBytes += event.byteCount
            return state.queuedBytes > maxQueuedBytes ? .isFull : .isDone(isOpen: true)
        }
        reader?.resume(returning: event)
        return offer
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

    /// Has all further events taken by `taker`; returns when it has what is queued, and at the end.
    ///
    /// Called by the reader, which reads no more.
    package func pass(to taker: Taker) async {
        while true {
            let isPassed = state.withLock { state in
                guard state.events.isEmpty, !state.isClosed else { return false }
                state.taker = taker
                return true
            }
            if isPassed { return }
            guard let event = await next() else { return }
            guard await taker.take(event) else { return close() }
        }
    }

    /// The reader gets what is queued and then nil; the writer hears that it is over.
    ///
    /// `loss` is why the reader takes no more, if it is the reader who closes: it has left, it does not read.
    package func close(because loss: Failure? = nil) {
        let (reader, writer, taker) = state.withLock { state in
            if !state.isClosed { state.loss = loss }
            state.isClosed = true
            let taker = state.waitingSince == nil ? nil : state.taker
            state.waitingSince = nil
            return (state.reader.take(), state.writer.take(), taker)
        }
        taker?.stop()
        reader?.resume(returning: nil)
        writer?.resume(returning: false)
    }
}

extension ChatEvent {
    fileprivate var byteCount: Int {
        if case .chunk(let bytes) = self { bytes.count } else { 64 }
    }
}
