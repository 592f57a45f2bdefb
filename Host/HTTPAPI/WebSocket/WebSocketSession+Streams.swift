import Core
import PraximousJSON

extension WebSocketSession {
    // MARK: what the streams bring

    /// An event of a stream's source, which then waits for `more`.
    mutating func event(_ number: Int, _ event: ProcessEvent, _ now: UInt64) -> [Action] {
        guard let stream = streams[number], stream.isOpen, stream.cancelledSince == nil else {
            // Nobody wants it any more; the source runs on to its end.
            return [.more(stream: number)]
        }
        streams[number]?.isSourceWaiting = true
        if event.kind == .delta, stream.credit == 0 {
            streams[number]?.held = event
            streams[number]?.blockedSince = now
            return []
        }
        let sent = deliver(number, event) + askForMore(number)
        if streams[number]?.isSourceWaiting == true { streams[number]?.blockedSince = now }
        return sent
    }

    /// The one last event of a stream; its source is gone.
    mutating func ended(_ number: Int, _ event: ProcessEvent, _ now: UInt64) -> [Action] {
        guard let stream = streams[number], stream.isOpen else { return [] }
        // Whatever ended it, it ended because its client asked for that.
        let isCancelled = stream.cancelledSince != nil && event.kind == .error
        return finish(number, isCancelled ? .cancelled() : event, now)
    }

    /// Bytes of messages that have gone out to the connection.
    mutating func sent(_ bytes: Int, stream number: Int?) -> [Action] {
        unsentBytes -= bytes
        guard let number, streams[number] != nil else { return [] }
        streams[number]?.unsentBytes -= bytes
        return askForMore(number)
    }

    /// Sends an event, and keeps it where streams can be resumed.
    mutating func emit(_ number: Int, _ event: ProcessEvent) -> [Action] {
        guard var stream = streams[number] else { return [] }
        defer { streams[number] = stream }
        let message = stream.message(event)
        if isResumable { stream.keep(message, maxBytes: limits.maxStreamBytes) }
        guard detachedSince == nil, stream.isAttached else { return [] }
        stream.unsentBytes += message.message.count
        unsentBytes += message.message.count
        return [.send(message.message, stream: number)]
    }

    mutating func deliver(_ number: Int, _ event: ProcessEvent) -> [Action] {
        if event.kind == .delta { streams[number]?.credit -= 1 }
        return emit(number, event)
    }

    /// Lets the source go on when there is room for what it may bring.
    mutating func askForMore(_ number: Int) -> [Action] {
        guard let stream = streams[number], stream.isSourceWaiting, stream.held == nil else { return [] }
        let isFull = stream.unsentBytes >= limits.maxUnsentBytes || unsentBytes >= limits.maxSessionBytes
        let isKept = detachedSince != nil || !stream.isAttached
        guard !isFull, !(isKept && stream.keptBytes >= limits.maxStreamBytes) else { return [] }
        streams[number]?.isSourceWaiting = false
        streams[number]?.blockedSince = nil
        return [.more(stream: number)]
    }

    /// Ends a stream with its terminal event, and the connection when that was what it waited for.
    mutating func finish(_ number: Int, _ event: ProcessEvent, _ now: UInt64) -> [Action] {
        guard streams[number] != nil else { return [] }
        streams[number]?.held = nil
        // Whoever stops it wakes it.
        streams[number]?.isSourceWaiting = false
        streams[number]?.blockedSince = nil
        var actions = throttle(number, event) + emit(number, event)
        streams[number]?.endedAt = now
        if !isResumable { drop(number) }
        if isResumable { pruneEnded() }
        if case .leaving(_, let code) = phase, openStreams.isEmpty { actions += close(code, now) }
        // Whatever else is started here would fail as this did.
        if event.failure?.isOfWholeHost == true, phase == .open, detachedSince == nil {
            actions += leave(.serverError, now)
        }
        return actions
    }

    /// Tells how long nothing is to be started, where a stream met a limit of its caller.
    private mutating func throttle(_ number: Int, _ event: ProcessEvent) -> [Action] {
        guard let stream = streams[number], stream.isAttached, detachedSince == nil,
            let milliseconds = event.failure?.throttleMilliseconds
        else { return [] }
        return send(ServerMessage.throttle(id: stream.id, milliseconds: milliseconds))
    }

    /// Ends a stream for a reason of ours, and stops its source.
    mutating func fail(_ number: Int, _ failure: Failure, _ now: UInt64) -> [Action] {
        let requestID = streams[number]?.requestID
        return finish(number, .error(failure, requestID: requestID), now) + [.cancel(stream: number, because: failure)]
    }

    private mutating func pruneEnded() {
        let ended = streams.values.filter { !$0.isOpen }.sorted { $0.number < $1.number }
        for stream in ended.dropLast(limits.maxEndedStreams) { drop(stream.number) }
    }

    func closeReason(_ code: CloseCode) -> String {
        switch code {
        case .serviceRestart: "max_age"
        case .serverError: "server_error"
        default: "drain"
        }
    }

    mutating func close(_ code: CloseCode, _ now: UInt64) -> [Action] { end(code, closeReason(code), now) }
}

extension Failure {
    /// How long the caller is to wait; nil where no limit of its own stood against it, and for a budget, which does not
    /// come back with the minute and stands against nothing that is free.
    fileprivate var throttleMilliseconds: Int? {
        switch details?["limit"]?.stringValue {
        case "requests_per_minute", "tokens_per_minute", "max_concurrent", "max_inflight": retryAfterMilliseconds
        default: nil
        }
    }

    /// Whether the host can serve nobody: what it may not record it may not do.
    fileprivate var isOfWholeHost: Bool { code == "audit_unavailable" }
}
