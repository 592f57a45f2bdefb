import Core
import PluginRuntime
import PraximousJSON
import Synchronization

/// The services of a host as a test sets them up; what was asked of them is kept.
final class RecordingServices: PluginServices {
    let tables: ServiceTables = [.http, .keyValue, .invoke, .metrics, .mail]
    let dataFolder: String? = nil
    private let asked = Mutex<[String]>([])
    /// Brings an invocation to its end; it may do so before it returns.
    private let invoke: @Sendable (Invocation, any InvocationEvents) -> Void
    private let exchange: @Sendable (any HTTPExchangeEvents) -> any RunningExchange
    /// Runs inside every question about the key-value store.
    private let inStore: @Sendable () -> Void
    private let value: [UInt8]

    init(
        invoke: @escaping @Sendable (Invocation, any InvocationEvents) -> Void = { $1.end(.result(Array("7".utf8))) },
        exchange: @escaping @Sendable (any HTTPExchangeEvents) -> any RunningExchange = { _ in NoExchange() },
        inStore: @escaping @Sendable () -> Void = {},
        value: [UInt8] = Array("value".utf8)
    ) {
        self.invoke = invoke
        self.exchange = exchange
        self.inStore = inStore
        self.value = value
    }

    var questions: [String] { asked.withLock { $0 } }

    fileprivate func note(_ question: String) { asked.withLock { $0.append(question) } }

    func secret(named name: String) throws(ServiceError) -> Secret {
        note("secret \(name)")
        return Secret("s3cret")
    }

    func value(forKey key: [UInt8]) throws(ServiceError) -> KeptValue {
        inStore()
        note("get \(String(decoding: key, as: UTF8.self))")
        return KeptValue(bytes: value, revision: 1 << 40)
    }

    func put(
        _ value: [UInt8],
        forKey key: [UInt8],
        expectedRevision: UInt64,
        timeToLiveSeconds: UInt32
    ) throws(ServiceError) {
        inStore()
        note("put \(String(decoding: key, as: UTF8.self)) \(value.count) \(expectedRevision) \(timeToLiveSeconds)")
        if value.count > 1 << 20 { throw .tooLarge }
    }

    func removeValue(forKey key: [UInt8]) throws(ServiceError) {
        note("delete \(String(decoding: key, as: UTF8.self))")
        throw .conflict
    }

    func keys(withPrefix prefix: [UInt8]) throws(ServiceError) -> [[UInt8]] {
        note("keys \(String(decoding: prefix, as: UTF8.self))")
        return [Array("k1".utf8), Array("k2".utf8)]
    }

    func startInvocation(
        _ invocation: Invocation,
        events: any InvocationEvents
    ) throws(ServiceError) -> any RunningInvocation {
        note("invoke \(invocation.target) \(invocation.request.count) for \(invocation.parent.context.requestID)")
        invoke(invocation, events)
        return RecordedInvocation(self, events)
    }

    func startExchange(
        _ request: HTTPExchangeRequest,
        for call: ServedCall,
        events: any HTTPExchangeEvents
    ) throws(ServiceError) -> any RunningExchange {
        note("\(request.method) \(request.url) \(request.headers.map { "\($0.name)=\($0.value)" })")
        return exchange(events)
    }

    func send(_ mail: MailMessage, for call: ServedCall) throws(MailRefusal) {
        note("mail \(mail.to.joined(separator: ",")) \(mail.subject)")
        if mail.subject == "refuse" { throw MailRefusal(.upstream, "550 no such user") }
    }

    func defineMetric(_ definition: MetricDefinition) throws(ServiceError) -> Int32 {
        note("define \(definition.name) \(definition.kind) \(definition.labels)")
        return 3
    }

    func record(metric: Int32, value: Double, labels: [String]) { note("record \(metric) \(value) \(labels)") }
}

/// Ends when it is cancelled, unless it has ended before.
private final class RecordedInvocation: RunningInvocation {
    private let services: RecordingServices
    private let events: any InvocationEvents

    init(_ services: RecordingServices, _ events: any InvocationEvents) {
        self.services = services
        self.events = events
    }

    func cancel() {
        services.note("cancel")
        events.end(.failure(.callCancelled))
    }

    func consumed(_ bytes: Int) { services.note("consumed \(bytes)") }
}

final class NoExchange: RunningExchange {
    func cancel() {}
    func pause() {}
    func resume() {}
}

/// An upstream that sends a body of so many bytes as fast as it may, and keeps to pause and resume.
final class FastUpstream: RunningExchange {
    private struct State {
        var isPaused = false
        var isCancelled = false
        var pauses = 0
        var sentBytes = 0
    }

    private let state = Mutex(State())
    private let mayGoOn = Semaphore()

    var pauses: Int { state.withLock { $0.pauses } }
    var sentBytes: Int { state.withLock { $0.sentBytes } }
    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    func cancel() {
        state.withLock { $0.isCancelled = true }
        mayGoOn.signal()
    }

    func pause() {
        state.withLock { state in
            state.isPaused = true
            state.pauses += 1
        }
    }

    func resume() {
        state.withLock { $0.isPaused = false }
        mayGoOn.signal()
    }

    /// Sends on a thread of its own; each byte of the body is one more than the one before.
    func start(_ events: any HTTPExchangeEvents, bytes: Int) {
        DetachedThread.start(named: "upstream") { [self] in
            events.head(status: 200, headers: [(name: "content-type", value: "text/plain")])
            let piece = (0..<(16 << 10)).map { UInt8(truncatingIfNeeded: $0) }
            var left = bytes
            while left > 0, !isCancelled {
                if state.withLock({ $0.isPaused }) {
                    mayGoOn.wait(until: MonotonicClock.deadline(in: .seconds(20)))
                    continue
                }
                let count = min(left, piece.count)
                piece[..<count].withUnsafeBytes { events.body($0) }
                left -= count
                state.withLock { $0.sentBytes += count }
            }
            let isWhole = left == 0
            events.end(error: isWhole ? nil : .cancelled, reason: isWhole ? "" : "cancelled")
        }
    }
}
