import CPraximous
import Glibc
import Synchronization

/// `prax.host.http/1`: HTTP exchanges that the host runs for a call.
enum HTTPService {
    private static let maxHeaders = 256
    private static let maxMethodBytes = 32
    private static let maxURLBytes = 16 << 10
    private static let maxNameBytes = 256
    private static let maxValueBytes = 16 << 10

    /// Never changes once it is made.
    nonisolated(unsafe) static let table: UnsafePointer<prax_host_http> = {
        let table = UnsafeMutablePointer<prax_host_http>.allocate(capacity: 1)
        table.initialize(
            to: prax_host_http(
                size: UInt32(MemoryLayout<prax_host_http>.size),
                start: { host, call, request, events, context, out in
                    HTTPService.start(host, call, request, events, context, out)
                },
                cancel: { host, exchange in
                    guard let object = HostObject.from(host) else { return status(PRAX_E_INVALID) }
                    return object.exchanges.cancel(exchange.id) ? status(PRAX_OK) : status(PRAX_E_NOT_FOUND)
                }
            )
        )
        return UnsafePointer(table)
    }()

    private static func start(
        _ host: UnsafeMutableRawPointer?,
        _ call: prax_call,
        _ request: UnsafePointer<prax_http_request>?,
        _ events: UnsafePointer<prax_http_events>?,
        _ context: UnsafeMutableRawPointer?,
        _ out: UnsafeMutablePointer<prax_http>?
    ) -> prax_status {
        guard let object = HostObject.from(host), let request, let events,
            Int(events.pointee.size) >= MemoryLayout<prax_http_events>.size, events.pointee.on_end != nil,
            Int(request.pointee.size) >= MemoryLayout<prax_http_request>.size
        else { return status(PRAX_E_INVALID) }
        guard let served = ServedCall(call) else { return status(PRAX_E_NOT_FOUND) }
        guard isSmallEnough(request.pointee) else { return status(PRAX_E_TOO_LARGE) }
        let sink = CallTable.shared.withOpen(call) { slot, _ in slot.pointee.events } ?? nil
        let bridge = ExchangeBridge(events.pointee, context, sink, object.exchanges)
        do throws(ServiceError) {
            let exchange = try object.services.startExchange(copy(request.pointee), for: served, events: bridge)
            let number = object.exchanges.add(exchange, of: bridge)
            // The plugin may use the handle inside its first callback.
            out?.pointee = prax_http(id: number)
            let isOpen = CallTable.shared.atEnd(of: call) { [weak exchange] in exchange?.cancel() }
            if !isOpen { exchange.cancel() }
            bridge.open()
            return status(PRAX_OK)
        } catch {
            return error.rawValue
        }
    }

    /// Nothing is ever cut short: half a token would be another token.
    private static func isSmallEnough(_ request: prax_http_request) -> Bool {
        guard 0...maxHeaders ~= request.n_headers, 0...CallTable.maxResultBytes ~= request.body.len,
            0...maxMethodBytes ~= request.method.len, 0...maxURLBytes ~= request.url.len
        else { return false }
        let headers = UnsafeBufferPointer(start: request.headers, count: request.headers == nil ? 0 : request.n_headers)
        return headers.allSatisfy { 0...maxNameBytes ~= $0.key.len && 0...maxValueBytes ~= $0.value.len }
    }

    private static func copy(_ request: prax_http_request) -> HTTPExchangeRequest {
        let headers = UnsafeBufferPointer(start: request.headers, count: request.headers == nil ? 0 : request.n_headers)
        return HTTPExchangeRequest(
            method: request.method.text(maxBytes: maxMethodBytes),
            url: request.url.text(maxBytes: maxURLBytes),
            headers: headers.map { ($0.key.text(maxBytes: maxNameBytes), $0.value.text(maxBytes: maxValueBytes)) },
            body: request.body.copied,
            timeoutMilliseconds: request.timeout_ms,
            firstByteMilliseconds: request.first_byte_ms,
            idleMilliseconds: request.idle_ms
        )
    }
}

/// The exchanges of one plugin by the handles it knows them by.
final class ExchangeTable: Sendable {
    private struct State {
        var last: UInt64 = 0
        var exchanges: [UInt64: any RunningExchange] = [:]
    }

    private let state = Mutex(State())

    /// Returns the exchange's handle.
    func add(_ exchange: any RunningExchange, of bridge: ExchangeBridge) -> UInt64 {
        state.withLock { state in
            state.last += 1
            bridge.start(exchange, number: state.last)
            state.exchanges[state.last] = exchange
            return state.last
        }
    }

    func cancel(_ number: UInt64) -> Bool {
        guard let exchange = state.withLock({ $0.exchanges[number] }) else { return false }
        exchange.cancel()
        return true
    }

    /// Ends every exchange and waits, for as long as given, until the plugin has heard of it.
    func cancelAll(waitingAtMost nanoseconds: UInt64) {
        let deadline = MonotonicClock.now() &+ nanoseconds
        while true {
            let exchanges = state.withLock { Array($0.exchanges.values) }
            if exchanges.isEmpty || MonotonicClock.now() > deadline { return }
            for exchange in exchanges { exchange.cancel() }
            // Looks again and again: an exchange may begin after the others were cancelled.
            usleep(1000)
        }
    }

    func remove(_ number: UInt64) { state.withLock { _ = $0.exchanges.removeValue(forKey: number) } }
}
