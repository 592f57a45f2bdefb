import Core
import PraximousJSON

extension WebSocketSession {
    // MARK: what time it is, and what the host decides

    /// Called twice a second.
    mutating func tick(_ now: UInt64) -> [Action] {
        switch phase {
        case .over: return []
        case .closing(let since): return now >= since + limits.closeMilliseconds ? [.abort] : []
        case .greeting(let since) where now >= since + limits.helloMilliseconds:
            return end(.timeout, "no hello within \(limits.helloMilliseconds) ms", now)
        case .greeting: return []
        case .leaving(let deadline, let code) where now >= deadline:
            let cut = openStreams.flatMap { fail($0.number, .goingAway, now) }
            // The last of them has closed the connection already.
            return cut + close(code, now)
        case .open, .leaving: break
        }
        if let detachedSince {
            guard now >= detachedSince + limits.resumeMilliseconds else { return lateStreams(now) }
            let cancels = cancelAll()
            phase = .over
            return cancels + [.forget]
        }
        var actions = lateStreams(now)
        forgetEnded(now)
        if phase == .open, now >= startedAt + limits.maxAgeMilliseconds { actions += leave(.serviceRestart, now) }
        switch life.tick(now, limits) {
        case .nothing: return actions
        case .ping: return actions + [.ping]
        case .dead: return actions + end(.timeout, "no sign of life", now)
        }
    }

    /// The host stops: nothing new begins, what is under way may end.
    mutating func drain(_ now: UInt64) -> [Action] {
        switch phase {
        case .greeting: end(.goingAway, "drain", now)
        case .open: leave(.goingAway, now)
        case .leaving, .closing, .over: []
        }
    }

    /// The client has not read for so long that its connection is about to be closed.
    ///
    /// What waits for it ends here; what does not may be resumed on another connection.
    mutating func cut(_ now: UInt64) -> [Action] {
        openStreams.filter { $0.blockedSince != nil }.flatMap { fail($0.number, .slowClient, now) }
    }

    /// The key is not accepted any more.
    mutating func revoke(_ now: UInt64) -> [Action] {
        switch phase {
        case .closing, .over: return []
        case .greeting, .open, .leaving: break
        }
        let errors = openStreams.flatMap { fail($0.number, .keyRevoked, now) }
        if detachedSince != nil {
            phase = .over
            return errors + [.forget]
        }
        return errors + end(.unauthorised, "key_revoked", now)
    }

    /// Takes no new streams, and closes with the end of the last one.
    mutating func leave(_ code: CloseCode, _ now: UInt64) -> [Action] {
        phase = .leaving(until: now + limits.leaveMilliseconds, code)
        let goaway = send(ServerMessage.goaway(deadline: limits.leaveMilliseconds, reason: closeReason(code)))
        return openStreams.isEmpty ? goaway + close(code, now) : goaway
    }

    /// Ends the streams whose client, or whose own limit, leaves no more time.
    private mutating func lateStreams(_ now: UInt64) -> [Action] {
        openStreams.flatMap { stream -> [Action] in
            if let deadline = stream.deadline, now >= deadline { return fail(stream.number, .streamDeadline, now) }
            if let since = stream.cancelledSince, now >= since + limits.cancelMilliseconds {
                return finish(stream.number, .cancelled(), now)
            }
            // While it has no connection, how long it waits is the resume limit's business.
            if let since = stream.blockedSince, detachedSince == nil, now >= since + limits.stallMilliseconds {
                return fail(stream.number, .slowClient, now)
            }
            return []
        }
    }

    private mutating func forgetEnded(_ now: UInt64) {
        for stream in streams.values {
            if let endedAt = stream.endedAt, now >= endedAt + limits.resumeMilliseconds { drop(stream.number) }
        }
    }
}

extension Failure {
    fileprivate static let keyRevoked = Failure(
        .denied,
        code: "key_revoked",
        message: "The API key is not accepted any more.",
        hint: "Connect with another key."
    )
    fileprivate static let slowClient = Failure(
        .cancelled,
        code: "slow_consumer",
        message: "The stream was not read, or got no credit, for too long.",
        hint: "Read faster, give credit, or ask for less."
    )
    fileprivate static let streamDeadline = Failure(
        .deadline,
        code: "deadline_exceeded",
        message: "The stream did not end within its deadline_ms."
    )
}
