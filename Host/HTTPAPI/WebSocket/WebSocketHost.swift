import Access
import Core
import Gateway
import PluginRuntime

/// What all WebSocket sessions share.
struct WebSocketHost: Sendable {
    typealias StartStream = @Sendable (ClientMessage.Start, RequestOrigin, Principal) -> StreamSource

    let limits: SessionLimits
    let maxHeaderBytes: Int
    let maxHeaderCount: Int
    let origins: OriginRule
    let authenticator: Authenticator
    let tasks: CallTasks
    let tickets = TicketBox()
    let sessions = SessionTable()
    /// Starts what a client asks for.
    let startStream: StartStream
    /// Has the audit know that someone was turned away.
    private let record: @Sendable (RequestOrigin, Failure) async -> Void

    init(limits: HTTPLimits, authenticator: Authenticator, streams: RepeatedStreams) {
        self.limits = limits.sessions
        maxHeaderBytes = limits.maxHeaderBytes
        maxHeaderCount = limits.maxHeaderCount
        origins = OriginRule(allowed: limits.allowedOrigins)
        self.authenticator = authenticator
        let starter = streams.starter
        tasks = starter.tasks
        startStream = streams.start
        record = { origin, failure in
            _ = try? await starter.pipeline.process(
                origin,
                principal: .failure(failure),
                request: .failure(failure),
                requestBytes: 0
            )
        }
    }

    /// Whose key or ticket this is; a refusal is written to the audit, as for any other request.
    func principal(
        ofToken token: Secret?,
        clientAddress: String?,
        requestID: String = RequestID.make()
    ) -> Result<Principal, Failure> {
        let result = lookUp(token)
        if case .failure(let failure) = result {
            let origin = RequestOrigin(
                requestID: requestID,
                receivedAt: WallClock.system.now(),
                startedAt: MonotonicClock.now(),
                clientAddress: clientAddress
            )
            _ = tasks.start { [record] in await record(origin, failure) }
        }
        return result
    }

    private func lookUp(_ token: Secret?) -> Result<Principal, Failure> {
        guard let token, TicketBox.isTicket(token.exposed) else { return authenticator.authenticate(token) }
        guard let principal = tickets.take(token.exposed, now: LiveSession.now()) else {
            return .failure(.invalidTicket)
        }
        return .success(principal)
    }

    /// Minds the time of all sessions, until cancelled.
    func run() async throws {
        while !Task.isCancelled {
            try await Task.sleep(for: .milliseconds(500))
            sessions.tick(authenticator)
        }
    }
}

extension Failure {
    fileprivate static let invalidTicket = Failure(
        .denied,
        code: "invalid_ticket",
        message: "Access denied: the ticket is unknown, used or too old.",
        hint: "POST /api/v1/ws-tickets makes another one; it is good for 30 seconds, and once."
    )
}
