import Core
import PraximousJSON

extension WebSocketSession {
    // MARK: who it is, and from one connection to the next

    mutating func greet(_ hello: ClientMessage.Hello, _ now: UInt64) -> [Action] {
        guard case .greeting = phase, self.hello == nil else {
            return end(.tooMany, "hello was said already", now)
        }
        guard hello.version == 1 else {
            return send(ServerMessage.error("unsupported_version", "This host speaks version 1."))
                + end(.subprotocol, "version \(hello.version)", now)
        }
        self.hello = hello
        if principal == nil {
            guard let token = hello.token else {
                return send(ServerMessage.error("missing_api_key", "No key came with the upgrade, nor with hello."))
                    + end(.unauthorised, "missing_api_key", now)
            }
            return [.authenticate(token)]
        }
        return greeted(now)
    }

    mutating func authenticated(_ principal: Principal, _ now: UInt64) -> [Action] {
        guard case .greeting = phase else { return [] }
        self.principal = principal
        return greeted(now)
    }

    mutating func refused(_ failure: Failure, _ now: UInt64) -> [Action] {
        send(ServerMessage.error(failure.code, failure.message)) + end(.unauthorised, failure.code, now)
    }

    private mutating func greeted(_ now: UInt64) -> [Action] {
        if principal?.mayInvokeSkills == false {
            return send(ServerMessage.error("missing_scope", "This API key may call no skill."))
                + end(.forbidden, "missing_scope", now)
        }
        if let session = hello?.session, session != id { return [.take(session: session)] }
        return welcome()
    }

    /// There is no such session any more, or it is not this principal's.
    mutating func notResumed() -> [Action] {
        guard case .greeting = phase else { return [] }
        return welcome()
    }

    private mutating func welcome() -> [Action] {
        phase = .open
        isResumable = hello?.wantsResume == true
        return send(ServerMessage.welcome(session: id, limits, isResumable: isResumable, isResumed: false))
    }

    /// Whether this principal may go on with it on another connection.
    func mayBeTaken(by principal: Principal) -> Bool {
        guard phase == .open, isResumable else { return false }
        return self.principal?.keyID == principal.keyID
    }

    /// Another connection takes it up; one that it still has is closed by whoever holds it.
    mutating func attach(_ now: UInt64) -> [Action] {
        detachedSince = nil
        unsentBytes = 0
        life = PingLife(now: now)
        pings = PingRate(perSecond: limits.maxPingsPerSecond, now: now)
        for number in streams.keys {
            streams[number]?.isAttached = false
            streams[number]?.unsentBytes = 0
        }
        return send(ServerMessage.welcome(session: id, limits, isResumable: true, isResumed: true))
    }

    /// The connection is gone; `isClean` when the client closed it with 1000, and so is done.
    mutating func detach(isClean: Bool, _ now: UInt64) -> [Action] {
        guard detachedSince == nil else { return [] }
        detachedSince = now
        guard isResumable, phase == .open, !isClean else {
            let cancels = cancelAll()
            phase = .over
            return cancels + [.forget]
        }
        for number in streams.keys {
            streams[number]?.isAttached = false
            streams[number]?.unsentBytes = 0
        }
        unsentBytes = 0
        return streams.keys.sorted().flatMap { askForMore($0) }
    }

    /// The client wants the rest of a stream on its new connection.
    mutating func resume(_ id: String, after sequence: Int, _ now: UInt64) -> [Action] {
        guard let number = numbers[id], let stream = streams[number] else {
            return send(ServerMessage.error("resume_gone", "There is no such stream any more.", id: id))
        }
        guard !stream.isAttached else {
            return send(ServerMessage.error("not_detached", "The stream's events come as they are.", id: id))
        }
        guard let messages = stream.messages(after: sequence) else {
            drop(number)
            let gone = ServerMessage.error("resume_gone", "Events after \(sequence) are not kept any more.", id: id)
            return send(gone) + (stream.isOpen ? [.cancel(stream: number)] : [])
        }
        streams[number]?.isAttached = true
        var actions: [Action] = []
        for message in messages {
            streams[number]?.unsentBytes += message.message.count
            unsentBytes += message.message.count
            actions.append(.send(message.message, stream: number))
        }
        if streams[number]?.blockedSince != nil { streams[number]?.blockedSince = now }
        return actions + askForMore(number)
    }
}

extension Principal {
    /// Whether there is any skill it may call.
    fileprivate var mayInvokeSkills: Bool {
        scopes.contains { scope in
            role.allows(scope) && (scope.covers(.skillsInvoke) || Scope.skillsInvoke.covers(scope))
        }
    }
}
