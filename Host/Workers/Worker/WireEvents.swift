import Glibc
import PluginRuntime
import Synchronization

/// The events of one call on their way to the host, which grants so many bytes at a time.
final class WireEvents: EventSink {
    private struct State {
        var window: EventWindow
        var isClosed = false
        var onCredit = CreditCallback()
        /// Credit has grown again while the callback was running.
        var isCreditDue = false
        var waiters = RoomWaiters()
        /// Threads that wait inside emit().
        var blocked = 0

        /// Whether nothing more is to be made.
        var isFull: Bool { window.isFull && !isClosed }
    }

    private let state: Mutex<State>
    private let room = Semaphore()
    private let send: @Sendable (CallEvent) -> Bool
    private let runLater: @Sendable (@escaping @Sendable () -> Void) -> Void

    /// `send` puts an event on the wire; `runLater` runs plugin code on a thread that is made for it.
    init(
        windowBytes: Int,
        send: @escaping @Sendable (CallEvent) -> Bool,
        runLater: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void
    ) {
        state = Mutex(State(window: EventWindow(limitBytes: windowBytes)))
        self.send = send
        self.runLater = runLater
    }

    var creditBytes: Int { state.withLock { $0.window.creditBytes } }

    var isFull: Bool { state.withLock { $0.isFull } }

    func tryEmit(_ event: CallEvent) -> Emitted {
        state.withLock { state in
            if state.isClosed { return .closed }
            guard state.window.take(event.json.count) else { return .full }
            // Under the lock, so that two threads' events go out in the order in which they took their room.
            return send(event) ? .accepted : .closed
        }
    }

    func emit(_ event: CallEvent, isOver: () -> Bool) -> Emitted {
        while true {
            let emitted = tryEmit(event)
            guard emitted == .full else { return emitted }
            if isOver() { return .closed }
            state.withLock { $0.blocked += 1 }
            // Woken by credit; the limit only bounds how late a cancellation is noticed.
            room.wait(until: MonotonicClock.now() &+ 20_000_000)
            state.withLock { $0.blocked -= 1 }
        }
    }

    func setOnCredit(_ callback: PluginCallback?) {
        while !state.withLock({ $0.onCredit.set(callback) }) { sched_yield() }
    }

    func whenRoom(_ body: @escaping @Sendable () -> Void) {
        let mustWait = state.withLock { $0.waiters.keep(body, whileFull: $0.isFull) }
        if !mustWait { body() }
    }

    /// The host's reader has taken so many bytes.
    func grant(_ bytes: Int) {
        let (hasGrown, blocked) = state.withLock { ($0.window.give(bytes), $0.blocked) }
        for _ in 0..<blocked { room.signal() }
        guard hasGrown else { return }
        runLater { [self] in
            runOnCredit()
            letWritersGoOn()
        }
    }

    /// Those who wait for room, unless what was turned away before has taken it all.
    private func letWritersGoOn() {
        let waiting = state.withLock { $0.waiters.take(unlessFull: $0.isFull) }
        for body in waiting { body() }
    }

    private func runOnCredit() {
        while true {
            let callback = state.withLock { state -> PluginCallback? in
                // One at a time: whoever removes the callback must be able to tell that it runs no more.
                guard !state.onCredit.isRunning else {
                    state.isCreditDue = true
                    return nil
                }
                return state.onCredit.begin()
            }
            guard let callback else { return }
            callback.run()
            let isDue = state.withLock { state in
                state.onCredit.finish()
                defer { state.isCreditDue = false }
                return state.isCreditDue
            }
            if !isDue { return }
        }
    }

    func close() {
        let (waiting, blocked) = state.withLock { state in
            state.isClosed = true
            state.onCredit.forget()
            return (state.waiters.take(unlessFull: false), state.blocked)
        }
        for _ in 0..<blocked { room.signal() }
        for body in waiting { body() }
    }
}
