import Access
import Core
import Gateway
import HTTPTypes
import Limits
import NIOCore
import NIOHTTP1
import PraximousJSON

/// Requests with an `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): the first is served, its repeats get
/// its answer.
///
/// What a repeat may meet otherwise is not kept: failures of ours or of a provider, limits, a client that has left.
struct RepeatedRequests: Sendable {
    let store: IdempotencyStore
    let pipeline: RequestPipeline

    /// One request that could be read.
    struct Asked: Sendable {
        let principal: Principal
        /// What the audit calls it.
        let name: String
        let body: ByteBuffer
        /// A repeat does not wait for a stream.
        let isStreaming: Bool
    }

    /// Serves a request, or answers it as an equal one before.
    ///
    /// `asked` is nil for a request that is refused in any case. `serve` gets the ticket that an answer must be given to,
    /// or why it may not be served, which it records.
    func answer(
        _ request: IncomingRequest,
        _ asked: Asked?,
        _ serve: (_ ticket: IdempotencyTicket?, _ refusal: Failure?) async throws -> Answer
    ) async throws -> Answer {
        guard let asked, let key = request.idempotencyKey, !key.isEmpty else {
            return try await serve(nil, nil)
        }
        let turn: IdempotencyStore.Turn
        do {
            turn = try await begin(key, request, asked)
        } catch {
            return try await serve(nil, error)
        }
        switch turn {
        case .replay(let answer):
            try await pipeline.recordReplay(
                request.origin,
                asked.principal,
                name: asked.name,
                requestBytes: asked.body.readableBytes,
                responseBytes: answer.body.count
            )
            return Answer(
                replay: answer,
                requestID: request.requestID,
                isAnthropic: request.route.dialect == .anthropic
            )
        case .run(let ticket):
            defer { withExtendedLifetime(ticket) {} }
            do {
                return try await serve(ticket, nil)
            } catch let failure as Failure {
                if let answer = request.route.dialect.lastingAnswer(failure, requestID: request.requestID) {
                    ticket.finish(answer)
                } else {
                    ticket.abandon()
                }
                throw failure
            }
        }
    }

    private func begin(
        _ key: String,
        _ request: IncomingRequest,
        _ asked: Asked
    ) async throws(Failure) -> IdempotencyStore.Turn {
        // The same body asks for something else at another route, or as a stream.
        let place = request.route.path + (request.acceptsEventStream ? "\n" : " ")
        let body = Array(place.utf8) + asked.body.readableBytesView
        return try await store.begin(key, principal: asked.principal.keyID, body: body, waits: !asked.isStreaming)
    }
}

extension Answer {
    /// An answer from encoded bytes, kept for repeats where there is a ticket.
    init(json: [UInt8], _ headers: HTTPHeaders, keptBy ticket: IdempotencyTicket?) {
        self.init(json: json, headers: headers)
        ticket?.finish(IdempotentAnswer(status: 200, contentType: Self.json, body: json))
    }

    fileprivate init(replay answer: IdempotentAnswer, requestID: String, isAnthropic: Bool) {
        var headers: HTTPHeaders = [
            "Content-Type": answer.contentType, "Cache-Control": "no-store",
            // Says that the answer is that of an earlier request.
            "Idempotent-Replayed": "true",
        ]
        if isAnthropic { headers.add(name: "request-id", value: requestID) }
        self.init(
            status: HTTPResponseStatus(statusCode: answer.status),
            headers: headers,
            body: .whole(ByteBuffer(bytes: answer.body))
        )
    }
}

extension Failure {
    /// Whether an equal request meets it again, to judge by the status it is answered with.
    static func isLasting(status: Int) -> Bool { [400, 413, 422].contains(status) }
}

extension APIDialect {
    /// The answer to a failure that an equal request meets again; nil for one that may pass.
    fileprivate func lastingAnswer(_ failure: Failure, requestID: String) -> IdempotentAnswer? {
        let status = status(of: failure).code
        guard Failure.isLasting(status: status) else { return nil }
        return IdempotentAnswer(
            status: status,
            contentType: Answer.json,
            body: body(of: failure, status: status, requestID: requestID).encoded()
        )
    }
}
