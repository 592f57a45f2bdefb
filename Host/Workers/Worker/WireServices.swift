import Core
import PluginRuntime
import Synchronization

/// The services of the host as a plugin in a worker sees them: each is a question over the wire.
///
/// Nothing is judged here; a worker that was taken over could skip it.
final class WireServices: PluginServices {
    private enum Waiter {
        case reply(WireReply)
        case invocation(WireReply, any InvocationEvents)
        case exchange(WireReply, ExchangeTurns)
    }

    private struct State {
        var last: UInt32 = 0
        var waiting: [UInt32: Waiter] = [:]
    }

    let tables: ServiceTables
    let dataFolder: String?
    private let outbox: WorkerOutbox
    private let state = Mutex(State())
    private let standAside = Mutex<(@Sendable () -> Void)?>(nil)
    private let runJob = Mutex<(@Sendable (@escaping @Sendable () -> Void) -> Void)?>(nil)

    init(tables: ServiceTables, dataFolder: String?, outbox: WorkerOutbox) {
        self.tables = tables
        self.dataFolder = dataFolder
        self.outbox = outbox
    }

    /// Names who takes work to the threads for plugin code, and who hears that a thread is about to wait for an answer.
    func run(
        on submit: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void,
        standAside: @escaping @Sendable () -> Void
    ) {
        runJob.withLock { $0 = submit }
        self.standAside.withLock { $0 = standAside }
    }

    func secret(named name: String) throws(ServiceError) -> Secret {
        Secret(String(decoding: try ask(.secret(name: name)), as: UTF8.self))
    }

    func value(forKey key: [UInt8]) throws(ServiceError) -> KeptValue {
        let answer = try ask(.value(key: key))
        guard answer.count >= 8 else { throw .internalError }
        let revision = answer.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
        return KeptValue(bytes: Array(answer.dropFirst(8)), revision: revision)
    }

    func put(
        _ value: [UInt8],
        forKey key: [UInt8],
        expectedRevision: UInt64,
        timeToLiveSeconds: UInt32
    ) throws(ServiceError) {
        _ = try ask(
            .put(key: key, value: value, expectedRevision: expectedRevision, timeToLiveSeconds: timeToLiveSeconds)
        )
    }

    func removeValue(forKey key: [UInt8]) throws(ServiceError) { _ = try ask(.remove(key: key)) }

    func keys(withPrefix prefix: [UInt8]) throws(ServiceError) -> [[UInt8]] {
        let answer = try ask(.keys(prefix: prefix))
        return answer.withUnsafeBytes { bytes in
            var reader = WireReader(bytes)
            var keys: [[UInt8]] = []
            while let key = try? reader.longBytes() { keys.append(Array(key)) }
            return keys
        }
    }

    func startInvocation(
        _ invocation: Invocation,
        events: any InvocationEvents
    ) throws(ServiceError) -> any RunningInvocation {
        let request = HostRequest.invoke(
            call: invocation.parent.context.number,
            target: invocation.target,
            wantsEvents: invocation.wantsEvents,
            request: invocation.request
        )
        let reply = WireReply()
        let number = post(request, .invocation(reply, events))
        _ = try reply.wait()
        return WireRequest(number: number, outbox: outbox)
    }

    func startExchange(
        _ request: HTTPExchangeRequest,
        for call: ServedCall,
        events: any HTTPExchangeEvents
    ) throws(ServiceError) -> any RunningExchange {
        let reply = WireReply()
        let turns = ExchangeTurns(events) { [self] job in runJob.withLock { $0 }?(job) }
        let number = post(.exchange(call: call.context.number, request), .exchange(reply, turns))
        let running = WireRequest(number: number, outbox: outbox)
        turns.running = running
        _ = try reply.wait()
        return running
    }

    func send(_ mail: MailMessage, for call: ServedCall) throws(MailRefusal) {
        let reply = WireReply()
        post(.mail(call: call.context.number, mail), .reply(reply))
        let (status, payload) = reply.outcome()
        guard status < 0 else { return }
        throw MailRefusal(ServiceError(rawValue: status) ?? .internalError, String(decoding: payload, as: UTF8.self))
    }

    func defineMetric(_ definition: MetricDefinition) throws(ServiceError) -> Int32 {
        let answer = try ask(.metric(definition))
        guard answer.count == 4 else { throw .internalError }
        return answer.withUnsafeBytes { Int32(littleEndian: $0.loadUnaligned(as: Int32.self)) }
    }

    func record(metric: Int32, value: Double, labels: [String]) {
        let message = MetricMessage(metric: metric, value: value, labels: labels)
        outbox.post(.metric, head: message.encoded(), urgency: .soon)
    }

    /// The host has answered, or a part of its answer has come.
    func answered(_ number: UInt32, _ response: HostResponse) {
        let isLast = if case .end = response { true } else { false }
        let waiter = state.withLock { isLast ? $0.waiting.removeValue(forKey: number) : $0.waiting[number] }
        switch (waiter, response) {
        case (.reply(let reply), .end(let status, let payload)): reply.end(status, payload)
        case (.invocation(let reply, let events), _): hand(response, reply, events)
        case (.exchange(let reply, let turns), _): hand(response, reply, turns)
        default: break
        }
    }

    private func hand(_ response: HostResponse, _ reply: WireReply, _ events: any InvocationEvents) {
        switch response {
        case .started: reply.end(0, [])
        case .event(let event): events.event(event)
        case .end(let status, let payload):
            // Refused before it began, or over.
            if status < 0 { return reply.end(status, []) }
            events.end((try? CallOutcome(wireBytes: payload)) ?? .failure(.callCancelled))
        case .head, .body: break
        }
    }

    private func hand(_ response: HostResponse, _ reply: WireReply, _ turns: ExchangeTurns) {
        switch response {
        case .started: reply.end(0, [])
        case .head(let status, let headers): turns.add(.head(status, headers))
        case .body(let bytes): turns.add(.body(bytes))
        case .end(let status, let payload):
            if !reply.hasEnded { return reply.end(status < 0 ? status : ServiceError.internalError.rawValue, []) }
            turns.add(.end(ServiceError(rawValue: status), String(decoding: payload, as: UTF8.self)))
        case .event: break
        }
    }

    private func ask(_ request: HostRequest) throws(ServiceError) -> [UInt8] {
        let reply = WireReply()
        post(request, .reply(reply))
        return try reply.wait()
    }

    @discardableResult
    private func post(_ request: HostRequest, _ waiter: Waiter) -> UInt32 {
        let number = state.withLock { state in
            state.last &+= 1
            state.waiting[state.last] = waiter
            return state.last
        }
        let payload = request.encoded()
        payload.withUnsafeBytes { outbox.post(.hostRequest, number: number, body: $0) }
        standAside.withLock { $0 }?()
        return number
    }
}

/// An answer that a plugin's thread waits for.
private final class WireReply: Sendable {
    private let answer = Mutex<(status: Int32, payload: [UInt8])?>(nil)
    private let arrived = Semaphore()

    var hasEnded: Bool { answer.withLock { $0 != nil } }

    func end(_ status: Int32, _ payload: [UInt8]) {
        let isFirst = answer.withLock { answer in
            guard answer == nil else { return false }
            answer = (status, payload)
            return true
        }
        if isFirst { arrived.signal() }
    }

    /// Waits for the answer, whatever it is.
    func outcome() -> (status: Int32, payload: [UInt8]) {
        arrived.wait()
        return answer.withLock { $0 } ?? (ServiceError.internalError.rawValue, [])
    }

    func wait() throws(ServiceError) -> [UInt8] {
        let (status, payload) = outcome()
        guard status < 0 else { return payload }
        throw ServiceError(rawValue: status) ?? .internalError
    }
}

/// What the host runs for a plugin, by the number of the request that started it.
private final class WireRequest: RunningInvocation, RunningExchange {
    private let number: UInt32
    private let outbox: WorkerOutbox

    init(number: UInt32, outbox: WorkerOutbox) {
        self.number = number
        self.outbox = outbox
    }

    func cancel() { outbox.post(.hostRequest, head: HostRequest.cancel(number).encoded()) }
    func pause() { outbox.post(.hostRequest, head: HostRequest.pause(number).encoded()) }
    func resume() { outbox.post(.hostRequest, head: HostRequest.resume(number).encoded()) }

    func consumed(_ bytes: Int) {
        var writer = WireWriter()
        writer.integer(UInt32(clamping: bytes))
        outbox.post(.credit, flags: .request, number: number, head: writer.bytes, urgency: .soon)
    }
}
