import Core
import Gateway
import PluginRuntime
import Synchronization

/// A session at work: does what ``WebSocketSession`` says, between its streams, which run on threads of their own, and
/// the connection that it has or has not.
final class LiveSession: Sendable {
    /// What a connection still has to write.
    enum Outgoing: Sendable {
        case text([UInt8])
        case ping
        case close(CloseCode, String)
        case abort
    }

    /// The connection of a session.
    struct Outlet: Sendable {
        let connection: ObjectIdentifier
        /// Tells it that there is something to write.
        let wake: @Sendable () -> Void
        /// Closes it in favour of another.
        let replace: @Sendable () -> Void
        /// Gives it another session; on its event loop.
        let rebind: @Sendable (LiveSession) -> Void
    }

    private struct State {
        var session: WebSocketSession
        var outgoing: [(Outgoing, stream: Int?)] = []
        var outlet: Outlet?
        var isAwake = false
        var sources: [Int: StreamSource] = [:]
        /// Sources that wait until they may bring more.
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    /// What is to be done outside the lock.
    private struct Work {
        var waiting: [CheckedContinuation<Void, Never>] = []
        var cancelled: [(source: StreamSource, loss: Failure)] = []
        var opened: [(stream: Int, ClientMessage.Start, requestID: String, Principal)] = []
        var token: String?
        var taken: String?
        var isForgotten = false
        var wake: (@Sendable () -> Void)?
    }

    let id: String
    private let host: WebSocketHost
    private let clientAddress: String?
    private let state: Mutex<State>

    init(id: String, principal: Principal?, clientAddress: String?, host: WebSocketHost) {
        self.id = id
        self.host = host
        self.clientAddress = clientAddress
        state = Mutex(
            State(
                session: WebSocketSession(
                    id: id,
                    principal: principal,
                    limits: host.limits,
                    makeRequestID: { RequestID.make() },
                    now: Self.now()
                )
            )
        )
    }

    static func now() -> UInt64 { MonotonicClock.now() / 1_000_000 }

    /// Who speaks, once that is known.
    var principal: Principal? { state.withLock { $0.session.principal } }

    // MARK: the connection's side

    func connect(_ outlet: Outlet) {
        state.withLock { $0.outlet = outlet }
        host.sessions.add(self)
    }

    /// Lets the session go to another connection, when it is this principal's; false when it does not.
    func take(_ outlet: Outlet, for principal: Principal) -> Bool {
        var before: Outlet?
        let isTaken = perform { state, now -> [WebSocketSession.Action]? in
            guard state.session.mayBeTaken(by: principal) else { return nil }
            before = state.outlet
            state.outgoing = []
            state.isAwake = false
            state.outlet = outlet
            return state.session.attach(now)
        }
        before?.replace()
        return isTaken
    }

    func receive(_ text: [UInt8]) { perform { $0.session.receive(text, $1) } }
    func heard() { state.withLock { $0.session.life.heard(Self.now()) } }
    func fail(_ code: CloseCode, _ reason: String) { perform { $0.session.end(code, reason, $1) } }
    func drain() { perform { $0.session.drain($1) } }
    func tick() { perform { $0.session.tick($1) } }
    func cut() { perform { $0.session.cut($1) } }
    func revoke() { perform { $0.session.revoke($1) } }
    func notResumed() { perform { state, _ in state.session.notResumed() } }

    /// Whether a ping may be answered.
    func mayAnswerPing() -> Bool {
        var isAllowed = false
        perform { state, now in
            let refusal = state.session.ping(now)
            isAllowed = refusal == nil
            return refusal ?? []
        }
        return isAllowed
    }

    /// The connection is gone.
    func disconnect(_ connection: ObjectIdentifier, isClean: Bool) {
        perform { state, now in
            // Another one may have taken its place.
            guard state.outlet?.connection == connection else { return nil }
            state.outlet = nil
            state.outgoing = []
            state.isAwake = false
            return state.session.detach(isClean: isClean, now)
        }
    }

    /// What is to be written next; when there is nothing, the connection is woken for what comes.
    func nextOutgoing(_ connection: ObjectIdentifier) -> [Outgoing] {
        var taken: [Outgoing] = []
        perform { state, _ in
            guard state.outlet?.connection == connection else { return nil }
            var actions: [WebSocketSession.Action] = []
            var bytes = 0
            var count = 0
            for (outgoing, stream) in state.outgoing {
                guard bytes < Self.batchBytes else { break }
                count += 1
                taken.append(outgoing)
                guard case .text(let text) = outgoing else { continue }
                bytes += text.count
                actions += state.session.sent(text.count, stream: stream)
            }
            state.outgoing.removeFirst(count)
            if count == 0 { state.isAwake = false }
            return actions
        }
        return taken
    }

    private static let batchBytes = 32 << 10

    // MARK: what the session says

    @discardableResult
    private func perform(
        _ body: (inout State, UInt64) -> [WebSocketSession.Action]?
    ) -> Bool {
        var work = Work()
        let isDone = state.withLock { state -> Bool in
            guard let actions = body(&state, Self.now()) else { return false }
            for action in actions { apply(action, &state, &work) }
            if !state.outgoing.isEmpty, !state.isAwake, let outlet = state.outlet {
                state.isAwake = true
                work.wake = outlet.wake
            }
            return true
        }
        finish(work)
        return isDone
    }

    private func apply(_ action: WebSocketSession.Action, _ state: inout State, _ work: inout Work) {
        switch action {
        case .send(let text, let stream): state.outgoing.append((.text(text), stream))
        case .ping: state.outgoing.append((.ping, nil))
        case .close(let code, let reason): state.outgoing.append((.close(code, reason), nil))
        case .abort: state.outgoing = [(.abort, nil)]
        case .authenticate(let token): work.token = token
        case .take(let session): work.taken = session
        case .open(let stream, let start, let requestID):
            guard let principal = state.session.principal else { return }
            work.opened.append((stream, start, requestID, principal))
        case .more(let stream):
            if let waiting = state.waiting.removeValue(forKey: stream) { work.waiting.append(waiting) }
        case .cancel(let stream, let loss):
            if let source = state.sources[stream] { work.cancelled.append((source, loss ?? .callCancelled)) }
            if let waiting = state.waiting.removeValue(forKey: stream) { work.waiting.append(waiting) }
        case .forget: work.isForgotten = true
        }
    }

    private func finish(_ work: Work) {
        for (source, loss) in work.cancelled { source.cancel(loss) }
        for waiting in work.waiting { waiting.resume() }
        for (stream, start, requestID, principal) in work.opened { open(stream, start, requestID, principal) }
        if let token = work.token { authenticate(token) }
        if let taken = work.taken { takeUp(taken) }
        if work.isForgotten { host.sessions.remove(id) }
        work.wake?()
    }

    private func authenticate(_ token: String) {
        switch host.principal(ofToken: Secret(token), clientAddress: clientAddress) {
        case .success(let principal): perform { $0.session.authenticated(principal, $1) }
        case .failure(let failure): perform { $0.session.refused(failure, $1) }
        }
    }

    private func takeUp(_ other: String) {
        guard let principal, let outlet = state.withLock({ $0.outlet }), let older = host.sessions[other] else {
            return notResumed()
        }
        guard older.take(outlet, for: principal) else { return notResumed() }
        host.sessions.remove(id)
        outlet.rebind(older)
    }

    // MARK: the streams

    private func open(_ number: Int, _ start: ClientMessage.Start, _ requestID: String, _ principal: Principal) {
        var origin = RequestOrigin(
            requestID: requestID,
            receivedAt: WallClock.system.now(),
            startedAt: MonotonicClock.now(),
            clientAddress: clientAddress
        )
        origin.trace = start.trace
        let source = host.startStream(start, origin, principal)
        state.withLock { $0.sources[number] = source }
        let isStarted = host.tasks.start { [self] in await pump(number, source, requestID) }
        if !isStarted { end(number, .error(.goingAway, requestID: requestID)) }
    }

    /// Brings a source's events, each once the session has room for it.
    private func pump(_ number: Int, _ source: StreamSource, _ requestID: String) async {
        while let event = await source.next() {
            await withCheckedContinuation { continuation in
                perform { state, now in
                    state.waiting[number] = continuation
                    return state.session.event(number, event, now)
                }
            }
        }
        end(number, await source.end(requestID: requestID))
    }

    private func end(_ number: Int, _ event: ProcessEvent) {
        perform { state, now in
            state.sources[number] = nil
            return state.session.ended(number, event, now)
        }
    }
}
