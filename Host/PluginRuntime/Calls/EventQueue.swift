package import Core
import Glibc
import Synchronization

/// One streamed event of a call.
package struct CallEvent: Sendable, Hashable {
    package let kind: String
    /// One JSON value.
    package let json: [UInt8]

    package init(kind: String, json: [UInt8]) {
        self.kind = kind
        self.json = json
    }
}

/// How many bytes a plugin may be ahead of its reader.
///
/// Pure: it counts, the queue waits.
package struct EventWindow: Sendable {
    private let limitBytes: Int
    private var usedBytes = 0
    /// Whether an event was turned away: its writer waits for credit, however much is left.
    private var isWanted = false

    package init(limitBytes: Int) { self.limitBytes = limitBytes }

    package var creditBytes: Int { max(0, limitBytes - usedBytes) }

    /// Whether nothing more is to be made: an event was turned away, or none would be taken.
    package var isFull: Bool { isWanted || creditBytes == 0 }

    /// An event larger than the whole window goes out alone, when nothing else waits.
    package mutating func take(_ bytes: Int) -> Bool {
        guard bytes <= creditBytes || usedBytes == 0 else {
            isWanted = true
            return false
        }
        usedBytes += bytes
        return true
    }

    /// Returns whether credit grew from nothing, or from too little for the event last turned away.
    package mutating func give(_ bytes: Int) -> Bool {
        let wasShort = creditBytes == 0 || isWanted
        usedBytes -= bytes
        guard wasShort, creditBytes > 0 else { return false }
        isWanted = false
        return true
    }
}

/// The events of one call between whoever makes them, who may block, and a task that reads them.
package final class EventQueue: EventSink {
    private struct State {
        var window: EventWindow
        var events: [CallEvent] = []
        var isClosed = false
        var reader: CheckedContinuation<CallEvent?, Never>?
        var onCredit = CreditCallback()
        var waiters = RoomWaiters()
        /// Why the reader will take no more.
        var loss: Failure?
        /// Bytes that have left and whose credit the writer on the other side of a wire has not got back.
        var owedBytes = 0
        /// Told how many bytes a writer on the other side of a wire may send more; little things are put together.
        var grant: (@Sendable (Int) -> Void)?
        /// Since when events wait and none is taken, in nanoseconds of CLOCK_MONOTONIC; nil while none waits.
        var waitingSince: UInt64?
        /// Since when the next event is due; nil before the first.
        var dueSince: UInt64?

        /// Whether nothing more is to be made.
        var isFull: Bool { window.isFull && !isClosed }
    }

    /// What is left to do, outside the lock, when an event has left the queue.
    private struct Room {
        var grant: (@Sendable (Int) -> Void)?
        var callback: PluginCallback?
        var hasGrown = false
        var creditBytes = 0
    }

    private let state: Mutex<State>
    package let windowBytes: Int

    package init(windowBytes: Int = 64 << 10) {
        state = Mutex(State(window: EventWindow(limitBytes: windowBytes)))
        self.windowBytes = windowBytes
    }

    /// Since when events wait and nobody has taken one; nil while none waits.
    package var waitingSince: UInt64? { state.withLock { $0.waitingSince } }

    /// Since when the reader waits for the next event, or could; nil before the first.
    package var dueSince: UInt64? { state.withLock { $0.dueSince } }

    /// Has a writer on the other side of a wire told of every byte that has left the queue.
    package func onLeave(_ grant: @escaping @Sendable (Int) -> Void) { state.withLock { $0.grant = grant } }

    package var creditBytes: Int { state.withLock { $0.window.creditBytes } }

    package var isFull: Bool { state.withLock { $0.isFull } }

    /// Why the reader has gone before the end; nil while it has not, or said nothing.
    package var loss: Failure? { state.withLock { $0.loss } }

    package func setOnCredit(_ callback: PluginCallback?) {
        while !state.withLock({ $0.onCredit.set(callback) }) { sched_yield() }
    }

    package func whenRoom(_ body: @escaping @Sendable () -> Void) {
        let mustWait = state.withLock { $0.waiters.keep(body, whileFull: $0.isFull) }
        if !mustWait { body() }
    }

    package func tryEmit(_ event: CallEvent) -> Emitted {
        var handed: (reader: CheckedContinuation<CallEvent?, Never>, grant: (@Sendable (Int) -> Void)?)?
        let emitted = state.withLock { state -> Emitted in
            if state.isClosed { return .closed }
            if let reader = state.reader {
                state.reader = nil
                handed = (reader, state.grant)
                state.dueSince = MonotonicClock.now()
                return .accepted
            }
            guard state.window.take(event.json.count) else { return .full }
            let now = MonotonicClock.now()
            if state.events.isEmpty { state.waitingSince = now }
            state.dueSince = now
            state.events.append(event)
            return .accepted
        }
        if let handed {
            handed.reader.resume(returning: event)
            handed.grant?(event.json.count)
        }
        return emitted
    }

    package func emit(_ event: CallEvent, isOver: () -> Bool) -> Emitted {
        while true {
            let emitted = tryEmit(event)
            guard emitted == .full else { return emitted }
            if isOver() { return .closed }
            // Looks again and again: the reader may never come, and nobody tells when the call is over.
            var pause = timespec(tv_sec: 0, tv_nsec: 500_000)
            nanosleep(&pause, nil)
        }
    }

    /// The next event; nil after the last one.
    ///
    /// One reader at a time.
    package func next() async -> CallEvent? {
        await withCheckedContinuation { continuation in
            enum Step {
                case event(CallEvent, Room), end, wait
            }
            let step = state.withLock { state -> Step in
                if state.events.isEmpty {
                    if state.isClosed { return .end }
                    state.reader = continuation
                    // What it did with the event before took its own time, not the writer's.
                    if state.dueSince != nil { state.dueSince = MonotonicClock.now() }
                    return .wait
                }
                let event = state.events.removeFirst()
                return .event(event, makeRoom(&state, event.json.count))
            }
            switch step {
            case .event(let event, let room):
                use(room)
                continuation.resume(returning: event)
            case .end: continuation.resume(returning: nil)
            case .wait: break
            }
        }
    }

    private func makeRoom(_ state: inout State, _ bytes: Int) -> Room {
        var room = Room(grant: state.grant)
        let now = MonotonicClock.now()
        state.waitingSince = state.events.isEmpty ? nil : now
        if state.events.isEmpty { state.dueSince = now }
        state.owedBytes += bytes
        if state.owedBytes >= windowBytes / 4 || state.events.isEmpty {
            room.creditBytes = state.owedBytes
            state.owedBytes = 0
        }
        guard state.window.give(bytes) else { return room }
        room.hasGrown = true
        room.callback = state.onCredit.begin()
        return room
    }

    private func use(_ room: Room) {
        if let callback = room.callback {
            callback.run()
            state.withLock { $0.onCredit.finish() }
        }
        if room.hasGrown { letWritersGoOn() }
        if room.creditBytes > 0 { room.grant?(room.creditBytes) }
    }

    /// Those who wait for room, unless what was turned away before has taken it all.
    private func letWritersGoOn() {
        let waiting = state.withLock { $0.waiters.take(unlessFull: $0.isFull) }
        for body in waiting { body() }
    }

    package func close() { close(because: nil) }

    /// The reader gets what is queued and then nil, the writer hears that it is over.
    ///
    /// `loss` is why the reader takes no more, if it is the reader who closes.
    package func close(because loss: Failure?) {
        let (reader, waiting) = state.withLock { state in
            if !state.isClosed { state.loss = loss }
            state.isClosed = true
            state.onCredit.forget()
            return (state.reader.take(), state.waiters.take(unlessFull: false))
        }
        reader?.resume(returning: nil)
        for body in waiting { body() }
    }
}
