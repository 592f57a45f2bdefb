import Core
import PluginRuntime
import Synchronization

/// Serves what a worker's plugin asks of the host; permissions are judged by the services, which know the plugin from
/// its manifest and not from its worker.
final class HostRequests: Sendable {
    private struct State {
        var running: [UInt32: Running] = [:]
        /// Requests that a thread is about to serve, and how many bytes each holds.
        var queued: [UInt32: Int] = [:]
        /// What all of them hold, those that run included.
        var heldBytes = 0
        var isClosed = false

        /// Lets a request wait for a thread, unless so much waits and runs already that it has to be refused.
        mutating func admit(_ number: UInt32, _ bytes: Int) throws(WireError) -> Bool {
            guard running[number] == nil, queued[number] == nil else {
                throw WireError("a second request of number \(number)")
            }
            guard queued.count + running.count < HostRequests.maxAtOnce else {
                throw WireError("more than \(HostRequests.maxAtOnce) requests at once")
            }
            guard heldBytes + bytes <= HostRequests.maxHeldBytes else { return false }
            queued[number] = bytes
            heldBytes += bytes
            return true
        }

        mutating func leaveQueue(_ number: UInt32) { heldBytes -= queued.removeValue(forKey: number) ?? 0 }

        /// What waited for a thread runs from now on, and holds as much as before.
        mutating func run(_ number: UInt32, _ request: Running) {
            guard let bytes = queued.removeValue(forKey: number) else { return }
            var request = request
            request.heldBytes = bytes
            running[number] = request
        }

        mutating func remove(_ number: UInt32) { heldBytes -= running.removeValue(forKey: number)?.heldBytes ?? 0 }
    }

    private struct Running {
        let call: UInt32
        let invocation: (any RunningInvocation)?
        let exchange: ExchangeForwarder?
        var heldBytes = 0

        func cancel() {
            invocation?.cancel()
            exchange?.cancel()
        }
    }

    /// More at once is more than a plugin's threads can ask.
    private static let maxAtOnce = 4096
    /// So many bytes of one worker's requests are kept, however slow the services are; above it a plugin hears that they
    /// are busy.
    private static let maxHeldBytes = 32 << 20

    private let worker: WeakWorker
    private let services: any PluginServices
    private let threads: CallThreads
    private let state = Mutex(State())

    init(_ worker: Worker) {
        self.worker = WeakWorker(worker)
        services = worker.plan.services
        threads = worker.runtime.services
    }

    func handle(_ number: UInt32, _ request: HostRequest) throws(WireError) {
        switch request {
        case .cancel(let target): state.withLock { $0.running[target] }?.cancel()
        case .pause(let target): state.withLock { $0.running[target] }?.exchange?.pause()
        case .resume(let target): state.withLock { $0.running[target] }?.exchange?.resume()
        default:
            let isAdmitted = try state.withLock { state throws(WireError) in
                try state.admit(number, request.isTooLarge ? 0 : request.heldBytes)
            }
            guard isAdmitted else { return answer(number, .end(status: ServiceError.busy.rawValue, payload: [])) }
            guard !request.isTooLarge else { return end(number, status: ServiceError.tooLarge.rawValue) }
            let isQueued = threads.submit { [self] in
                serve(number, request)
            }
            if !isQueued { end(number, status: ServiceError.busy.rawValue) }
        }
    }

    func credit(_ number: UInt32, _ bytes: Int) { state.withLock { $0.running[number] }?.invocation?.consumed(bytes) }

    /// What a call has started ends with it.
    func endAll(of call: UInt32) {
        let ended = state.withLock { $0.running.values.filter { $0.call == call } }
        for running in ended { running.cancel() }
    }

    /// The worker is gone.
    func close() {
        let ended = state.withLock { state in
            state.isClosed = true
            defer { state.running = [:] }
            return Array(state.running.values)
        }
        for running in ended { running.cancel() }
    }

    private func serve(_ number: UInt32, _ request: HostRequest) {
        do throws(ServiceError) {
            switch request {
            case .invoke(let call, let target, let wantsEvents, let bytes):
                try invoke(number, call, target, wantsEvents, bytes)
            case .exchange(let call, let request): try exchange(number, call, request)
            case .mail(let call, let message): try mail(number, call, message)
            default: end(number, status: 0, try value(request))
            }
        } catch {
            end(number, status: error.rawValue)
        }
    }

    /// Answers a request that starts nothing, or is refused.
    private func end(_ number: UInt32, status: Int32, _ payload: [UInt8] = []) {
        // Before the answer: its number may come again with the worker's very next request.
        state.withLock { $0.leaveQueue(number) }
        answer(number, .end(status: status, payload: payload))
    }

    private func value(_ request: HostRequest) throws(ServiceError) -> [UInt8] {
        var writer = WireWriter()
        switch request {
        case .secret(let name): return Array(try services.secret(named: name).exposed.utf8)
        case .value(let key):
            let kept = try services.value(forKey: key)
            writer.integer(kept.revision)
            writer.raw(kept.bytes)
        case .put(let key, let value, let revision, let seconds):
            try services.put(value, forKey: key, expectedRevision: revision, timeToLiveSeconds: seconds)
        case .remove(let key): try services.removeValue(forKey: key)
        case .keys(let prefix): for key in try services.keys(withPrefix: prefix) { writer.longBytes(key) }
        case .metric(let definition): writer.integer(try services.defineMetric(definition))
        case .invoke, .exchange, .mail, .cancel, .pause, .resume: break
        }
        return writer.bytes
    }

    private func invoke(
        _ number: UInt32,
        _ call: UInt32,
        _ target: String,
        _ wantsEvents: Bool,
        _ request: [UInt8]
    ) throws(ServiceError) {
        let parent = try served(call)
        let invocation = Invocation(parent: parent, target: target, request: request, wantsEvents: wantsEvents)
        let forwarder = InvocationForwarder(number, self)
        let running = try services.startInvocation(invocation, events: forwarder)
        add(number, Running(call: call, invocation: running, exchange: nil))
        answer(number, .started)
        forwarder.open()
    }

    private func exchange(_ number: UInt32, _ call: UInt32, _ request: HTTPExchangeRequest) throws(ServiceError) {
        let parent = try served(call)
        let forwarder = ExchangeForwarder(number, self)
        let running = try services.startExchange(request, for: parent, events: forwarder)
        forwarder.start(running)
        add(number, Running(call: call, invocation: nil, exchange: forwarder))
        answer(number, .started)
        forwarder.open()
    }

    private func mail(_ number: UInt32, _ call: UInt32, _ message: MailMessage) throws(ServiceError) {
        let parent = try served(call)
        do throws(MailRefusal) {
            try services.send(message, for: parent)
            end(number, status: 0)
        } catch {
            end(number, status: error.status.rawValue, Array(error.reason.utf8))
        }
    }

    /// The call on whose behalf a worker asks: one that it was given, and that somebody waits for.
    private func served(_ call: UInt32) throws(ServiceError) -> ServedCall {
        guard let open = worker.value?.openCall(call) else { throw .notFound }
        let worker = worker
        return ServedCall(context: open.context, deadline: open.deadline) { worker.value?.openCall(call) == nil }
    }

    private func add(_ number: UInt32, _ running: Running) {
        let isKept = state.withLock { state in
            if state.isClosed { state.leaveQueue(number) } else { state.run(number, running) }
            return !state.isClosed
        }
        // The call may have ended while it was being started.
        if !isKept || worker.value?.openCall(running.call) == nil { running.cancel() }
    }

    func remove(_ number: UInt32) { state.withLock { $0.remove(number) } }

    func answer(_ number: UInt32, _ response: HostResponse) {
        worker.value?.output.sendMessage(.hostResponse, number: number, response.encoded())
    }

    /// How much waits for the worker to read.
    var waitingBytes: Int { worker.value?.output.waitingBytes ?? 0 }

    /// Runs `body` once no more than this waits for the worker, or the worker is gone.
    func whenWaiting(atMost bytes: Int, _ body: @escaping @Sendable () -> Void) {
        guard let output = worker.value?.output else { return body() }
        output.whenWaiting(atMost: bytes, body)
    }
}

/// The worker holds its requests; they must not hold it.
private final class WeakWorker: @unchecked Sendable {
    // Sendable because a weak reference is read and cleared atomically by the runtime, and nobody writes it.
    private(set) weak var value: Worker?
    init(_ value: Worker) { self.value = value }
}
