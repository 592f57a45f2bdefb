import CPraximous
import Synchronization

/// Brings the events of one exchange to the plugin's C callbacks, and holds the upstream back while the caller's window
/// is used up.
///
/// @unchecked Sendable: `events` and `context` never change; the callbacks run one at a time, as the exchange's do.
final class ExchangeBridge: HTTPExchangeEvents, @unchecked Sendable {
    private struct State {
        var exchange: (any RunningExchange)?
        var number: UInt64 = 0
        var hasEnded = false
        /// Events that came before start() had returned to the plugin's thread.
        var isOpen = false
        var early: [@Sendable () -> Void] = []
    }

    private let events: prax_http_events
    private let context: UnsafeMutableRawPointer?
    private let sink: (any EventSink)?
    private let table: ExchangeTable
    private let state = Mutex(State())

    init(
        _ events: prax_http_events,
        _ context: UnsafeMutableRawPointer?,
        _ sink: (any EventSink)?,
        _ table: ExchangeTable
    ) {
        self.events = events
        self.context = context
        self.sink = sink
        self.table = table
    }

    func start(_ exchange: any RunningExchange, number: UInt64) {
        state.withLock { state in
            state.number = number
            state.exchange = exchange
        }
    }

    /// The plugin has its handle: lets the events through, those that have waited first.
    func open() {
        while true {
            let early = state.withLock { state in
                defer { state.early = [] }
                if state.early.isEmpty { state.isOpen = true }
                return state.early
            }
            if early.isEmpty {
                state.withLock { $0.exchange }?.resume()
                return
            }
            for event in early { event() }
        }
    }

    func head(status: Int32, headers: [(name: String, value: String)]) {
        inTurn { [self] in
            withPraxPairs(headers) { list, count in events.on_head?(context, status, list, count) }
        }
    }

    func body(_ piece: UnsafeRawBufferPointer) {
        let bytes = [UInt8](piece)
        inTurn { [self] in withPraxBytes(bytes) { events.on_body?(context, $0) } }
        holdBack()
    }

    func end(error: ServiceError?, reason: String) {
        state.withLock { $0.hasEnded = true }
        inTurn { [self] in
            withPraxString(reason) { events.on_end?(context, error?.rawValue ?? 0, $0) }
            let number = state.withLock { state in
                state.exchange = nil
                return state.number
            }
            // Last: the plugin's instance is not destroyed before.
            table.remove(number)
        }
    }

    private func inTurn(_ event: @escaping @Sendable () -> Void) {
        let isNow = state.withLock { state in
            if !state.isOpen { state.early.append(event) }
            return state.isOpen
        }
        if isNow { event() }
    }

    private func holdBack() {
        let (exchange, isOpen) = state.withLock { ($0.exchange, $0.isOpen) }
        guard let exchange else { return }
        // Until the plugin has its handle nothing is taken; open() lets upstream go on.
        guard isOpen else { return exchange.pause() }
        guard let sink, sink.isFull else { return }
        exchange.pause()
        sink.whenRoom { [weak exchange] in exchange?.resume() }
    }
}
