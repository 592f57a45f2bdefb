import Core
import PraximousJSON

/// One session of the protocol `praximous.v1` (PROTOCOL.md): what its client says, what its streams bring and what time it
/// is go in, what is to be done comes out.
///
/// Pure: no socket, no task, no clock. Times are milliseconds of a clock that only goes forward.
struct WebSocketSession: Sendable {
    enum Action: Sendable {
        /// A message to the client; the number is the stream's whose event it is.
        case send([UInt8], stream: Int?)
        case ping
        /// Closes once everything before it is sent.
        case close(CloseCode, String)
        /// Ends the connection here and now.
        case abort
        /// Asks who shows this token: ``authenticated(_:_:)`` or ``refused(_:_:)`` is the answer.
        case authenticate(String)
        /// Asks for the session to go on with: it takes the connection, or ``notResumed(_:)`` is the answer.
        case take(session: String)
        case open(stream: Int, ClientMessage.Start, requestID: String)
        /// The stream's source may bring another event.
        case more(stream: Int)
        /// The stream's source is to stop, because of this; nil when its client left or cancelled it.
        case cancel(stream: Int, because: Failure? = nil)
        /// Nothing is left of the session.
        case forget
    }

    enum Phase: Sendable, Equatable {
        case greeting(since: UInt64)
        case open
        /// No new streams; it closes once the last one has ended.
        case leaving(until: UInt64, CloseCode)
        case closing(since: UInt64)
        case over
    }

    let id: String
    let limits: SessionLimits
    let makeRequestID: @Sendable () -> String
    var phase: Phase
    /// Who speaks, once that is known.
    var principal: Principal?
    var isResumable = false
    /// Since when it has had no connection; nil while it has one.
    var detachedSince: UInt64?
    var startedAt: UInt64
    var streams: [Int: SessionStream] = [:]
    /// The latest stream of each id.
    var numbers: [String: Int] = [:]
    private var nextNumber = 1
    /// Bytes on their way to the connection.
    var unsentBytes = 0
    var badMessages = 0
    var hello: ClientMessage.Hello?
    var pings: PingRate
    var life: PingLife

    /// `principal` is whom the upgrade's own headers named, if they did.
    init(
        id: String,
        principal: Principal?,
        limits: SessionLimits,
        makeRequestID: @escaping @Sendable () -> String,
        now: UInt64
    ) {
        self.id = id
        self.principal = principal
        self.limits = limits
        self.makeRequestID = makeRequestID
        phase = .greeting(since: now)
        startedAt = now
        pings = PingRate(perSecond: limits.maxPingsPerSecond, now: now)
        life = PingLife(now: now)
    }

    var openStreams: [SessionStream] { streams.values.filter(\.isOpen).sorted { $0.number < $1.number } }

    /// A connection that may not go on from the start, such as one without the sub-protocol.
    mutating func refuse(_ code: CloseCode, _ reason: String, _ now: UInt64) -> [Action] { end(code, reason, now) }

    // MARK: what the client says

    mutating func receive(_ text: [UInt8], _ now: UInt64) -> [Action] {
        guard detachedSince == nil else { return [] }
        life.heard(now)
        switch phase {
        case .closing, .over: return []
        case .greeting, .open, .leaving: break
        }
        do throws(ClientMessage.Bad) {
            return try handle(ClientMessage(text, limits), now)
        } catch {
            badMessages += 1
            let message = send(ServerMessage.error("bad_message", "Bad message: \(error.reason)."))
            guard badMessages >= limits.maxBadMessages else { return message }
            return message + end(.badMessage, "\(badMessages) bad messages", now)
        }
    }

    private mutating func handle(_ message: ClientMessage, _ now: UInt64) throws(ClientMessage.Bad) -> [Action] {
        if case .hello(let hello) = message { return greet(hello, now) }
        if case .greeting = phase {
            return end(.timeout, "the first message must be hello", now)
        }
        switch message {
        case .hello: return []
        case .start(let start): return begin(start, now)
        case .cancel(let id): return cancel(id, now)
        case .credit(let id, let count): return give(id, count)
        case .acknowledge(let id, let sequence): return try acknowledge(id, sequence)
        case .resume(let id, let sequence): return resume(id, after: sequence, now)
        case .ping(let value):
            return ping(now) ?? send(ServerMessage.pong(value))
        }
    }

    /// The limit on pings, of the protocol's and of RFC 6455's sort; nil when there is nothing to be done about it.
    mutating func ping(_ now: UInt64) -> [Action]? {
        life.heard(now)
        if !pings.take(now) { return end(.tooMany, "too many pings", now) }
        // Whoever asks and never reads.
        if unsentBytes > limits.maxSessionBytes { return end(.tooMany, "answers are not read", now) + [.abort] }
        return nil
    }

    private mutating func begin(_ start: ClientMessage.Start, _ now: UInt64) -> [Action] {
        if let number = numbers[start.id], streams[number]?.isOpen == true {
            return send(ServerMessage.error("duplicate_id", "A stream of this id is open.", id: start.id))
        }
        if let number = numbers[start.id] { streams[number] = nil }
        var stream = SessionStream(
            id: start.id,
            number: nextNumber,
            requestID: makeRequestID(),
            credit: start.credit ?? limits.window
        )
        nextNumber += 1
        stream.deadline = start.deadlineMilliseconds.map { now + $0 }
        numbers[start.id] = stream.number
        let requestID = stream.requestID
        let number = stream.number
        let refusal = refusal()
        streams[number] = stream
        if let refusal { return finish(number, .error(refusal, requestID: nil), now) }
        return emit(number, .accepted(requestID: requestID)) + [.open(stream: number, start, requestID: requestID)]
    }

    /// Why no stream may begin now.
    private func refusal() -> Failure? {
        if case .leaving = phase { return .goingAway }
        return streams.values.count(where: \.isOpen) >= limits.maxStreams ? .tooManyStreams(limits.maxStreams) : nil
    }

    private mutating func cancel(_ id: String, _ now: UInt64) -> [Action] {
        // It may have ended while the message was on its way.
        guard let number = numbers[id], streams[number]?.isOpen == true, streams[number]?.cancelledSince == nil else {
            return []
        }
        streams[number]?.cancelledSince = now
        streams[number]?.held = nil
        return [.cancel(stream: number)]
    }

    private mutating func give(_ id: String, _ count: Int) -> [Action] {
        guard let number = numbers[id], var stream = streams[number], stream.isOpen else { return [] }
        stream.credit = min(stream.credit + count, limits.maxCredit)
        let held = stream.held
        stream.held = nil
        streams[number] = stream
        let sent = held.map { deliver(number, $0) } ?? []
        return sent + askForMore(number)
    }

    private mutating func acknowledge(_ id: String, _ sequence: Int) throws(ClientMessage.Bad) -> [Action] {
        guard let number = numbers[id], let stream = streams[number] else { return [] }
        guard sequence <= stream.lastSequence else {
            throw .init("ack of \(sequence), the last event is \(stream.lastSequence)")
        }
        streams[number]?.acknowledge(sequence)
        if !stream.isOpen, sequence == stream.lastSequence { drop(number) }
        return askForMore(number)
    }

    /// A message that belongs to no stream.
    mutating func send(_ message: [UInt8]) -> [Action] {
        unsentBytes += message.count
        return [.send(message, stream: nil)]
    }

    /// Closes and ends what is under way.
    mutating func end(_ code: CloseCode, _ reason: String, _ now: UInt64) -> [Action] {
        switch phase {
        case .closing, .over: return []
        case .greeting, .open, .leaving: break
        }
        let cancels = cancelAll()
        phase = .closing(since: now)
        return cancels + [.close(code, reason)]
    }

    /// Cancels the sources of all streams, whose clients are gone or told otherwise.
    mutating func cancelAll() -> [Action] {
        let open = openStreams.map(\.number)
        streams = [:]
        numbers = [:]
        return open.map { .cancel(stream: $0) }
    }

    mutating func drop(_ number: Int) {
        guard let stream = streams.removeValue(forKey: number) else { return }
        if numbers[stream.id] == number { numbers[stream.id] = nil }
    }
}

extension Failure {
    static let goingAway = Failure(
        .unavailable,
        code: "going_away",
        message: "This connection takes no new streams.",
        hint: "Open another connection.",
        retryAfterMilliseconds: 0
    )

    fileprivate static func tooManyStreams(_ limit: Int) -> Failure {
        Failure(
            .busy,
            code: "too_many_streams",
            message: "\(limit) streams are open on this connection.",
            hint: "Wait for one to end, or open another connection.",
            details: ["limit": "max_inflight"],
            retryAfterMilliseconds: 1000
        )
    }
}
