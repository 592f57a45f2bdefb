import PluginRuntime
import Synchronization

/// Hands an exchange's events to the plugin one after the other, on the threads for plugin code: the thread that read
/// them from the wire has other plugins' calls to read as well.
final class ExchangeTurns: Sendable {
    enum Event: Sendable {
        case head(Int32, [(name: String, value: String)])
        case body([UInt8])
        case end(ServiceError?, String)
    }

    private struct State {
        var waiting: [Event] = []
        var waitingBytes = 0
        var isRunning = false
        var isPaused = false
        var running: (any RunningExchange)?
    }

    /// With more than this the host is asked to stop reading from upstream, and with less than a quarter to go on.
    private static let maxWaitingBytes = 256 << 10

    private let events: any HTTPExchangeEvents
    private let submit: @Sendable (@escaping @Sendable () -> Void) -> Void
    private let state = Mutex(State())

    init(
        _ events: any HTTPExchangeEvents,
        submit: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void
    ) {
        self.events = events
        self.submit = submit
    }

    /// What stops and goes on; set before the first event.
    var running: (any RunningExchange)? {
        get { state.withLock { $0.running } }
        set { state.withLock { $0.running = newValue } }
    }

    func add(_ event: Event) {
        let (mustRun, mustPause) = state.withLock { state in
            state.waiting.append(event)
            if case .body(let bytes) = event { state.waitingBytes += bytes.count }
            let mustPause = !state.isPaused && state.waitingBytes > Self.maxWaitingBytes
            if mustPause { state.isPaused = true }
            defer { state.isRunning = true }
            return (!state.isRunning, mustPause)
        }
        if mustPause { running?.pause() }
        if mustRun { submit { [self] in runTurns() } }
    }

    private func runTurns() {
        while true {
            let (event, mustResume) = state.withLock { state -> (Event?, Bool) in
                guard !state.waiting.isEmpty else {
                    state.isRunning = false
                    return (nil, false)
                }
                let event = state.waiting.removeFirst()
                if case .body(let bytes) = event { state.waitingBytes -= bytes.count }
                let mustResume = state.isPaused && state.waitingBytes < Self.maxWaitingBytes / 4
                if mustResume { state.isPaused = false }
                return (event, mustResume)
            }
            if mustResume { running?.resume() }
            switch event {
            case .head(let status, let headers): events.head(status: status, headers: headers)
            case .body(let bytes): bytes.withUnsafeBytes { events.body($0) }
            case .end(let error, let reason): return events.end(error: error, reason: reason)
            case nil: return
            }
        }
    }
}
