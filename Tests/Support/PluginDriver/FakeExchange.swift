import CPraximous
import Foundation
package import PraximousJSON
import Synchronization

/// An HTTP exchange that a plugin has started, to be answered by hand.
// Unchecked: all but the flag is written in init alone; one test plays one exchange.
package final class FakeExchange: @unchecked Sendable {
    package let method: String
    package let url: String
    package let headers: [String: String]
    package let body: [UInt8]
    private let cancelled = Mutex(false)
    private let events: prax_http_events
    private let context: UnsafeMutableRawPointer?

    init(_ request: prax_http_request, _ events: prax_http_events, _ context: UnsafeMutableRawPointer?) {
        method = request.method.copy
        url = request.url.copy
        let pairs = UnsafeBufferPointer(start: request.headers, count: request.n_headers)
        headers = Dictionary(pairs.map { ($0.key.copy, $0.value.copy) }) { $0 + ", " + $1 }
        body = Array(UnsafeBufferPointer(start: request.body.ptr, count: request.body.len))
        self.events = events
        self.context = context
    }

    package var isCancelled: Bool { cancelled.withLock { $0 } }
    /// The request's body, when it is JSON.
    package var json: JSON? { try? JSON.parse(body) }

    func cancel() { cancelled.withLock { $0 = true } }

    package func head(_ status: Int32, _ headers: KeyValuePairs<String, String> = [:]) {
        head(status, headers.map { ($0.key, $0.value) })
    }

    package func head(_ status: Int32, _ headers: [String: String]) {
        head(status, headers.map { ($0.key, $0.value) })
    }

    private func head(_ status: Int32, _ headers: [(name: String, value: String)]) {
        let pairs = headers.map { prax_kv(key: lasting($0.name), value: lasting($0.value)) }
        pairs.withUnsafeBufferPointer { events.on_head?(context, status, $0.baseAddress, $0.count) }
    }

    package func body(_ text: String) { body(Array(text.utf8)) }

    package func body(_ bytes: [UInt8]) {
        bytes.withUnsafeBufferPointer { events.on_body?(context, prax_bytes(ptr: $0.baseAddress, len: $0.count)) }
    }

    package func end(_ status: Int32 = 0, _ reason: String = "") { events.on_end?(context, status, lasting(reason)) }

    /// A whole answer.
    package func answer(_ status: Int32, _ headers: KeyValuePairs<String, String>, _ text: String) {
        head(status, headers)
        body(text)
        end()
    }
}

func httpTable() -> prax_host_http {
    prax_host_http(
        size: UInt32(MemoryLayout<prax_host_http>.size),
        start: { host, _, request, events, context, out in
            guard let host = FakeHost.of(host), let request, let events else { return Int32(PRAX_E_INVALID) }
            if host.options.startStatus < 0 { return host.options.startStatus }
            let exchange = FakeExchange(request.pointee, events.pointee, context)
            out?.pointee = prax_http(
                id: host.started.withLock { started in
                    started.append(exchange)
                    return UInt64(started.count)
                }
            )
            if let answer = host.options.answer { Thread.detachNewThread { answer(exchange) } }
            return Int32(PRAX_OK)
        },
        cancel: { host, exchange in
            guard let host = FakeHost.of(host) else { return Int32(PRAX_E_INVALID) }
            host.started.withLock { $0[Int(exchange.id) - 1] }.cancel()
            return Int32(PRAX_OK)
        }
    )
}

func vectorTable() -> prax_host_vector {
    prax_host_vector(
        size: UInt32(MemoryLayout<prax_host_vector>.size),
        emit_vectors: { call, values, dimensions, count in
            update(call) { record, _ in
                let values = Array(UnsafeBufferPointer(start: values, count: Int(dimensions) * count))
                for start in stride(from: 0, to: values.count, by: Int(dimensions)) {
                    record.vectors.append(Array(values[start..<start + Int(dimensions)]))
                }
                return Int32(PRAX_OK)
            }
        },
        emit_hit: nil
    )
}
