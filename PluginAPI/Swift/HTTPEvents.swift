internal import CPraximous

/// Who hears how an exchange goes: one function at a time, on any of the host's threads.
///
/// None may block.
///
/// Held from the start of the exchange until `end` has returned.
public protocol HTTPEvents: AnyObject, Sendable {
    /// The response's status and headers; at most once, first.
    func head(_ head: HTTPHead)
    /// A piece of the body, cut anywhere, lent until it returns.
    func body(_ piece: UnsafeBufferPointer<UInt8>)
    /// The last thing heard, exactly once.
    func end(_ end: HTTPEnd)
}

/// A response's head, lent for the time of one function: the host's memory.
public struct HTTPHead {
    /// The status code.
    public let status: Int
    private let headers: UnsafeBufferPointer<prax_kv>

    init(_ status: Int32, _ headers: UnsafePointer<prax_kv>?, _ count: Int) {
        self.status = Int(status)
        self.headers = UnsafeBufferPointer(start: headers, count: headers == nil ? 0 : count)
    }

    /// The first header of that name, in whatever case; `name` is written in small letters.
    public func value(_ name: StaticString) -> String? {
        headers.first { Self.isEqual($0.key.bytes, name) }?.value.text
    }

    /// A copy of all headers, in their order.
    var all: [(name: String, value: String)] { headers.map { ($0.key.text, $0.value.text) } }

    private static func isEqual(_ bytes: UnsafeBufferPointer<UInt8>, _ name: StaticString) -> Bool {
        guard bytes.count == name.utf8CodeUnitCount else { return false }
        return bytes.indices.allSatisfy { position in
            let byte = bytes[position]
            let isCapital = byte &- UInt8(ascii: "A") < 26
            return (isCapital ? byte | 0x20 : byte) == name.utf8Start[position]
        }
    }
}

/// How an exchange ended.
public enum HTTPEnd: Sendable, Hashable {
    /// The body is complete.
    case complete
    /// It is not. `reason` is for the log.
    case failed(SkillFailure.Status, reason: String)
}

/// An exchange that has been started.
public struct HTTPExchange: Sendable {
    let handle: prax_http
    let host: PluginHost

    /// Ends it early; `HTTPEvents.end` still comes, once.
    public func cancel() { _ = host.exchanges.cancel?(host.context, handle) }
}

extension Reply {
    /// Starts an exchange that belongs to this call and ends with it at the latest.
    ///
    /// Throws when the host refuses it at once, for its address above all; then nothing is heard of it.
    @discardableResult
    public func start(_ request: HTTPRequest, _ events: any HTTPEvents) throws(SkillFailure) -> HTTPExchange {
        try host.start(request, events, for: handle)
    }
}

extension PluginHost {
    /// Throws when the host refuses the exchange at once; then nothing is heard of it.
    func start(
        _ request: HTTPRequest,
        _ events: any HTTPEvents,
        for call: prax_call
    ) throws(SkillFailure) -> HTTPExchange {
        guard let start = exchanges.start else {
            throw SkillFailure(
                "This host runs no HTTP exchanges, or was not allowed to.",
                status: .unsupported,
                code: "no_http"
            )
        }
        let listener = Unmanaged.passRetained(Listener(events))
        var exchange = prax_http(id: 0)
        let status = request.withBorrowed {
            start(context, call, $0, Listener.table, listener.toOpaque(), &exchange)
        }
        guard status >= 0 else {
            listener.release()
            throw SkillFailure(
                "The host refused to ask \(request.method) of the server (status \(status)).",
                status: SkillFailure.Status(abi: status),
                code: "exchange_refused"
            )
        }
        return HTTPExchange(handle: exchange, host: self)
    }
}

/// The context of an exchange's callbacks.
private final class Listener {
    let events: any HTTPEvents

    init(_ events: any HTTPEvents) { self.events = events }

    // Written once, read by the host until the process ends.
    nonisolated(unsafe) static let table: UnsafePointer<prax_http_events> = {
        let table = UnsafeMutablePointer<prax_http_events>.allocate(capacity: 1)
        table.initialize(
            to: prax_http_events(
                size: UInt32(MemoryLayout<prax_http_events>.size),
                on_head: { Listener.of($0)?.events.head(HTTPHead($1, $2, $3)) },
                on_body: { context, piece in
                    Listener.of(context)?.events.body(
                        UnsafeBufferPointer(start: piece.ptr, count: piece.ptr == nil ? 0 : Int(piece.len))
                    )
                },
                on_end: { context, status, reason in
                    guard let context else { return }
                    Unmanaged<Listener>.fromOpaque(context).takeRetainedValue().events.end(
                        status >= 0 ? .complete : .failed(SkillFailure.Status(abi: status), reason: reason.text)
                    )
                }
            )
        )
        return UnsafePointer(table)
    }()

    private static func of(_ context: UnsafeMutableRawPointer?) -> Listener? {
        context.map { Unmanaged<Listener>.fromOpaque($0).takeUnretainedValue() }
    }
}

extension HTTPRequest {
    /// Lends the request in the ABI's form.
    fileprivate func withBorrowed<Result>(_ body: (UnsafePointer<prax_http_request>) -> Result) -> Result {
        // One block of bytes for all texts: pointers into it stay valid while it is lent.
        var texts: [UInt8] = Array(method.utf8) + Array(url.utf8)
        for header in headers { texts += Array(header.name.utf8) + Array(header.value.utf8) }
        return PraximousPlugin.withBorrowed(texts) { texts in
            var rest = texts
            let (method, url) = (rest.removeFirst(method.utf8.count), rest.removeFirst(url.utf8.count))
            let pairs = headers.map {
                prax_kv(key: rest.removeFirst($0.name.utf8.count), value: rest.removeFirst($0.value.utf8.count))
            }
            return pairs.withUnsafeBufferPointer { pairs in
                self.body.withUnsafeBufferPointer { bytes in
                    let request = prax_http_request(
                        size: UInt32(MemoryLayout<prax_http_request>.size),
                        timeout_ms: timeoutMilliseconds,
                        method: method,
                        url: url,
                        headers: pairs.baseAddress,
                        n_headers: pairs.count,
                        body: prax_bytes(ptr: bytes.baseAddress, len: bytes.count),
                        first_byte_ms: firstByteMilliseconds,
                        idle_ms: idleMilliseconds
                    )
                    return withUnsafePointer(to: request, body)
                }
            }
        }
    }
}
