import PluginRuntime
import Synchronization

/// Lets what a child request says pass to the worker, once the worker knows the request has begun.
final class InvocationForwarder: InvocationEvents {
    private let number: UInt32
    private let requests: HostRequests
    private let early: EarlyResponses

    init(_ number: UInt32, _ requests: HostRequests) {
        self.number = number
        self.requests = requests
        early = EarlyResponses(number, requests)
    }

    func open() { early.open() }

    func event(_ event: CallEvent) { early.pass(.event(event)) }

    func end(_ outcome: CallOutcome) { early.pass(.end(status: 0, payload: outcome.wireBytes)) }
}

/// Lets an exchange's events pass to the worker, and holds upstream back while the worker does not read them, or has
/// asked for a pause itself.
final class ExchangeForwarder: HTTPExchangeEvents {
    private struct State {
        var exchange: (any RunningExchange)?
        /// What stands in the way of more; upstream is read while nothing does.
        var reasons: Set<Reason> = [.notOpen]
    }

    private enum Reason {
        case notOpen, full, asked
    }

    /// With more than this on its way to the worker, upstream is not read.
    private static let maxWaitingBytes = 512 << 10

    private let requests: HostRequests
    private let early: EarlyResponses
    private let state = Mutex(State())

    init(_ number: UInt32, _ requests: HostRequests) {
        self.requests = requests
        early = EarlyResponses(number, requests)
    }

    /// Names the exchange, which is paused until ``open()``.
    func start(_ exchange: any RunningExchange) {
        state.withLock { $0.exchange = exchange }
        exchange.pause()
    }

    /// The worker knows that its request has begun.
    func open() {
        early.open()
        remove(.notOpen)
    }

    func pause() { add(.asked) }
    func resume() { remove(.asked) }
    func cancel() { state.withLock { $0.exchange }?.cancel() }

    func head(status: Int32, headers: [(name: String, value: String)]) {
        early.pass(.head(status: status, headers: headers))
    }

    func body(_ piece: UnsafeRawBufferPointer) {
        early.pass(.body(Array(piece)))
        guard requests.waitingBytes > Self.maxWaitingBytes else { return }
        add(.full)
        requests.whenWaiting(atMost: Self.maxWaitingBytes / 4) { [weak self] in self?.remove(.full) }
    }

    func end(error: ServiceError?, reason: String) {
        early.pass(.end(status: error?.rawValue ?? 0, payload: Array(reason.utf8)))
    }

    private func add(_ reason: Reason) {
        // Under the lock, so that a pause and a resume reach the exchange in the order in which they were decided.
        state.withLock { state in
            if state.reasons.insert(reason).inserted, state.reasons.count == 1 { state.exchange?.pause() }
        }
    }

    private func remove(_ reason: Reason) {
        state.withLock { state in
            if state.reasons.remove(reason) != nil, state.reasons.isEmpty { state.exchange?.resume() }
        }
    }
}

/// Keeps back what comes before the worker has been told that its request has begun.
private final class EarlyResponses: Sendable {
    private struct State {
        var isOpen = false
        var kept: [HostResponse] = []
    }

    private let state = Mutex(State())
    private let number: UInt32
    private let requests: HostRequests

    init(_ number: UInt32, _ requests: HostRequests) {
        self.number = number
        self.requests = requests
    }

    private func send(_ response: HostResponse) {
        // Not before its start has been noted, which comes before open().
        if case .end = response { requests.remove(number) }
        requests.answer(number, response)
    }

    func pass(_ response: HostResponse) {
        // Under the lock, so that nothing overtakes what was kept.
        state.withLock { state in
            if state.isOpen { send(response) } else { state.kept.append(response) }
        }
    }

    func open() {
        state.withLock { state in
            for response in state.kept { send(response) }
            state.kept = []
            state.isOpen = true
        }
    }
}
