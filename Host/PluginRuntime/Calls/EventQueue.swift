import CPraximous
import Core
import Glibc
import Synchronization

/// One streamed event of a call.
package struct CallEvent: Sendable, Hashable {
    package let kind: String
    /// One JSON value.
    package let json: [UInt8]
}

/// How many bytes a plugin may be ahead of its reader.
///
/// Pure: it counts, the queue waits.
struct EventWindow {
    let limitBytes: Int
    private(set) var usedBytes = 0
    /// Whether an event was turned away: its writer waits for credit, however much is left.
    private var isWanted = false

    init(limitBytes: Int) { self.limitBytes = limitBytes }

    var creditBytes: Int { max(0, limitBytes - usedBytes) }

    /// An event larger than the whole window goes out alone, when nothing else waits.
    mutating func take(_ bytes: Int) -> Bool {
        guard bytes <= creditBytes || usedBytes == 0 else {
            isWanted = true
            return false
        }
        usedBytes += bytes
        return true
    }

    /// Returns whether credit grew from nothing, or from too little for the event last turned away.
    mutating func give(_ bytes: Int) -> Bool {
        let wasShort = creditBytes == 0 || isWanted
        usedBytes -= bytes
        guard wasShort, creditBytes > 0 else { return false }
        isWanted = false
        return true
    }
}

/// The events of one call between the plugin's thread, which may block, and a task that reads them.
package final class EventQueue: Sendable {
    /// The result of an attempt to emit.
    enum Emitted {
        case accepted, full, closed
    }

    private struct State {
        var window: EventWindow
        var events: [CallEvent] = []
        var isClosed = false
        var reader: CheckedContinuation<CallEvent?, Never>?
        var onCredit: CallSlot.Callback?
        /// The thread that runs the credit callback right now.
        var creditThread: pthread_t?
    }

    private let state: Mutex<State>

    package init(windowBytes: Int = 64 << 10) {
        state = Mutex(State(window: EventWindow(limitBytes: windowBytes)))
    }

    var creditBytes: Int { state.withLock { $0.window.creditBytes } }

    /// Registers or, with nil, clears the callback.
    ///
    /// When this returns, the one before neither runs nor will run.
    func setOnCredit(_ callback: CallSlot.Callback?) {
        while true {
            let isSet = state.withLock { state in
                if let thread = state.creditThread, pthread_equal(thread, pthread_self()) == 0 { return false }
                state.onCredit = callback
                return true
            }
            if isSet { return }
            sched_yield()
        }
    }

    func tryEmit(_ event: CallEvent) -> Emitted {
        let (emitted, reader) = state.withLock { state -> (Emitted, CheckedContinuation<CallEvent?, Never>?) in
            if state.isClosed { return (.closed, nil) }
            if let reader = state.reader {
                state.reader = nil
                return (.accepted, reader)
            }
            guard state.window.take(event.json.count) else { return (.full, nil) }
            state.events.append(event)
            return (.accepted, nil)
        }
        reader?.resume(returning: event)
        return emitted
    }

    /// Waits, on the plugin's own thread, until there is room, the queue closes or `isOver` says so.
    func emit(_ event: CallEvent, isOver: () -> Bool) -> Emitted {
        while true {
            let emitted = tryEmit(event)
            guard emitted == .full else { return emitted }
            if isOver() { return .closed }
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
                case event(CallEvent), end, wait
            }
            let (step, callback) = state.withLock { state -> (Step, CallSlot.Callback?) in
                if state.events.isEmpty {
                    if state.isClosed { return (.end, nil) }
                    state.reader = continuation
                    return (.wait, nil)
                }
                let event = state.events.removeFirst()
                guard state.window.give(event.json.count), let callback = state.onCredit else {
                    return (.event(event), nil)
                }
                state.creditThread = pthread_self()
                return (.event(event), callback)
            }
            if let callback {
                callback.function(callback.context)
                state.withLock { $0.creditThread = nil }
            }
            switch step {
            case .event(let event): continuation.resume(returning: event)
            case .end: continuation.resume(returning: nil)
            case .wait: break
            }
        }
    }

    /// No more events: the reader gets what is queued and then nil, the writer hears that it is over.
    package func close() {
        let reader = state.withLock { state -> CheckedContinuation<CallEvent?, Never>? in
            state.isClosed = true
            state.onCredit = nil
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: nil)
    }
}
