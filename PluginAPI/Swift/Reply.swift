internal import CPraximous
public import PraximousJSON
internal import Synchronization

/// One request to a provider: where its events and its end go, from any thread, also after the function that was handed
/// it has returned.
///
/// Nothing here waits. Events that the client has no room for are kept, up to `maxBacklogBytes`, and follow when it has;
/// an end waits for them. A reply that is let go of without an end fails.
public final class Reply: Sendable {
    /// What became of an event.
    public enum Emission: Sendable, Hashable {
        /// On its way, or kept until the client has room.
        case taken
        /// Not one JSON value.
        case refused
        /// The call is over; nothing more will be taken.
        case over
    }

    /// What one event of embeddings has at most: the host takes so much at once and would wait with more.
    private static let maxVectorBytes = 4 << 20

    /// How far a provider may be ahead of its client before the call fails.
    ///
    /// The host stops reading upstream long before.
    public static let maxBacklogBytes = 4 << 20

    enum Event {
        case json(kind: String, [UInt8])
        case vectors([Float], dimensions: Int)
    }

    private enum End {
        case result([UInt8])
        case failure(SkillFailure)
    }

    private struct State {
        var backlog: [Event] = []
        var backlogBytes = 0
        /// Registered once, when the client was first too slow.
        var creditNumber: UInt?
        /// The client's room while nothing is on its way; known when the first embeddings are.
        var wholeCredit: Int?
        /// Nothing more is taken.
        var isOver = false
        /// Waits for the backlog.
        var end: End?
        var hasEnded = false
    }

    let handle: prax_call
    let host: PluginHost
    private let state = Mutex(State())

    init(_ handle: prax_call, host: PluginHost) {
        self.handle = handle
        self.host = host
    }

    deinit {
        guard !hasEnded else { return }
        send(
            .failure(
                SkillFailure("The provider let go of the request.", status: .internalError, code: "no_result")
            )
        )
    }

    /// Whether the call has been ended and the host been told.
    public var hasEnded: Bool { state.withLock { $0.hasEnded } }

    /// Whether the client left, the operator cancelled, or the deadline passed.
    public var isCancelled: Bool { host.calls.is_cancelled.map { $0(handle) != 0 } ?? false }

    /// When the host will answer for the plugin, in nanoseconds of the monotonic clock; nil when there is no deadline.
    public var deadlineNanoseconds: UInt64? {
        guard let deadline = host.calls.deadline_ns?(handle), deadline > 0, deadline < .max else { return nil }
        return deadline
    }

    /// What the host says about the request: its id, trace parent, tenant, caller, locale.
    public var context: JSON {
        guard let context = host.calls.context?(handle) else { return .null }
        return (try? JSON.parse(context.bytes)) ?? .null
    }

    /// Writes a line to the host's log under this request's id.
    public func log(_ level: LogLevel, _ message: @autoclosure () -> String, _ fields: [(String, String)] = []) {
        host.log(level, message, fields, call: handle)
    }
}

extension Reply {
    /// Streams one event.
    @discardableResult
    public func emit(_ kind: String, _ event: JSON) -> Emission {
        event.encoded().withUnsafeBufferPointer { emit(kind, $0) }
    }

    /// Streams one event, the bytes of one JSON value, as they are.
    @discardableResult
    public func emit(_ kind: String, _ json: UnsafeBufferPointer<UInt8>) -> Emission {
        state.withLock { state in
            if state.isOver { return .over }
            if !state.backlog.isEmpty { return keep(.json(kind: kind, Array(json)), json.count, &state) }
            let status = send(kind, json)
            guard status == PRAX_E_WOULD_BLOCK else { return emission(status, &state) }
            return keep(.json(kind: kind, Array(json)), json.count, &state)
        }
    }

    /// Hands over embeddings, one after the other in `values`, in the order of the texts; as often as convenient.
    ///
    /// They do not count for the backlog: whoever has them has them in memory anyway.
    @discardableResult
    public func emitVectors(_ values: [Float], dimensions: Int) -> Emission {
        guard dimensions > 0, values.count % dimensions == 0 else { return .refused }
        let rows = max(1, Self.maxVectorBytes / MemoryLayout<Float>.size / dimensions)
        var emission = Emission.taken
        for start in stride(from: 0, to: values.count, by: rows * dimensions) where emission == .taken {
            let piece = values[start..<min(start + rows * dimensions, values.count)]
            emission = state.withLock { take(Array(piece), dimensions, &$0) }
        }
        return emission
    }

    private func take(_ values: [Float], _ dimensions: Int, _ state: inout State) -> Emission {
        if state.isOver { return .over }
        if !state.backlog.isEmpty { return keep(.vectors(values, dimensions: dimensions), 0, &state) }
        let status = send(values, dimensions, &state)
        guard status == PRAX_E_WOULD_BLOCK else { return emission(status, &state) }
        return keep(.vectors(values, dimensions: dimensions), 0, &state)
    }

    /// Ends the call with a result.
    ///
    /// Only the first end counts.
    public func finish(_ result: JSON) { finish(result.encoded()) }

    /// Ends the call with the bytes of one JSON value, as they are.
    ///
    /// Only the first end counts.
    public func finish(_ json: [UInt8]) { end(.result(json)) }

    /// Ends the call with an error.
    ///
    /// Only the first end counts; what the client has no room for yet is dropped.
    public func fail(_ failure: SkillFailure) { end(.failure(failure)) }

    private func end(_ end: End) {
        let due = state.withLock { state -> End? in
            guard !state.hasEnded else { return nil }
            let end = state.end ?? end
            state.end = end
            state.isOver = true
            if case .failure = end { state.backlog = [] }
            if !state.backlog.isEmpty { watch() }
            return settled(&state)
        }
        if let due { send(due) }
    }

    /// The end, once nothing is before it.
    ///
    /// From here on the host hears it alone, so that it may be told outside the lock: it cancels what belongs to the
    /// call, and whoever hears of that may use the reply.
    private func settled(_ state: inout State) -> End? {
        guard let end = state.end, state.backlog.isEmpty, !state.hasEnded else { return nil }
        state.hasEnded = true
        if let number = state.creditNumber { CreditWaiters.remove(number) }
        return end
    }

    /// A client that left gives no more credit: looks for that while the end waits.
    private func watch() {
        host.timers.after(milliseconds: 100) { [self] in
            if isCancelled { state.withLock { $0.backlog = [] } }
            drain()
            if !hasEnded { watch() }
        }
    }

    /// Sends what was kept, now that there may be room.
    func drain() {
        let due = state.withLock { state -> End? in
            flush(&state)
            return settled(&state)
        }
        if let due { send(due) }
    }

    private func flush(_ state: inout State) {
        var sent = 0
        for event in state.backlog {
            let status =
                switch event {
                case .json(let kind, let json): json.withUnsafeBufferPointer { send(kind, $0) }
                case .vectors(let values, let dimensions): send(values, dimensions, &state)
                }
            if status == PRAX_E_WOULD_BLOCK { break }
            sent += 1
            if emission(status, &state) == .over {
                sent = state.backlog.count
                break
            }
        }
        state.backlog.removeFirst(sent)
        if state.backlog.isEmpty { state.backlogBytes = 0 }
    }

    private func keep(_ event: Event, _ bytes: Int, _ state: inout State) -> Emission {
        state.backlogBytes += bytes
        guard state.backlogBytes <= Self.maxBacklogBytes else {
            // Told with whatever end comes next: the host must not be called with the lock held.
            state.isOver = true
            state.end = .failure(.tooSlow)
            state.backlog = []
            return .over
        }
        state.backlog.append(event)
        if state.creditNumber == nil, let onCredit = host.calls.on_credit {
            let number = CreditWaiters.add(self)
            state.creditNumber = number
            _ = onCredit(handle, { CreditWaiters.find($0)?.drain() }, UnsafeMutableRawPointer(bitPattern: number))
            // Credit that came before the callback was there is not told again.
            flush(&state)
        }
        return .taken
    }

    private func emission(_ status: prax_status, _ state: inout State) -> Emission {
        if status >= 0 { return .taken }
        if status == PRAX_E_CANCELLED || status == PRAX_E_NOT_FOUND || status == PRAX_E_DEADLINE {
            state.isOver = true
            return .over
        }
        return .refused
    }
}

extension Reply {
    private func send(_ kind: String, _ json: UnsafeBufferPointer<UInt8>) -> prax_status {
        guard let emit = host.calls.try_emit ?? host.calls.emit else { return prax_status(PRAX_E_UNSUPPORTED) }
        return withBorrowed(kind) { kind in withBorrowed(json) { emit(handle, kind, $0) } }
    }

    private func send(_ values: [Float], _ dimensions: Int, _ state: inout State) -> prax_status {
        guard let emit = host.vectors.emit_vectors, let width = UInt32(exactly: dimensions) else {
            return prax_status(PRAX_E_UNSUPPORTED)
        }
        // The table has no function that does not wait; with nothing before it this one does not either.
        if let credit = host.calls.credit?(handle) {
            let whole = state.wholeCredit ?? credit
            state.wholeCredit = whole
            if credit < whole { return prax_status(PRAX_E_WOULD_BLOCK) }
        }
        return values.withUnsafeBufferPointer { emit(handle, $0.baseAddress, width, $0.count / dimensions) }
    }

    private func send(_ end: End) {
        let call = Call(handle, host: host)
        switch end {
        case .result(let json): _ = call.finish(json)
        case .failure(let failure): _ = call.fail(failure)
        }
    }
}

extension SkillFailure {
    static let tooSlow = SkillFailure(
        "The client reads the stream too slowly.",
        status: .tooLarge,
        code: "client_too_slow"
    )
}
