import Core
import Gateway
import Limits
import NIOCore
import NIOHTTP1

/// Has the pipeline answer a request of a dialect, for as long as its client is there.
struct ChatExchange: Sendable {
    let pipeline: ChatPipeline
    let tasks: CallTasks
    let heartbeats: Heartbeats
    let keys: KeyWatch

    /// The whole answer.
    func answer(_ request: DialectRequest<ChatRequest>) async throws(Failure) -> ChatAnswer {
        try await pipeline.chat(
            request.origin,
            principal: request.principal,
            request: request.asked,
            requestBytes: request.bodyBytes
        )
    }

    /// The vectors that were asked for.
    func embed(_ request: DialectRequest<EmbeddingRequest>) async throws(Failure) -> EmbeddingAnswer {
        try await pipeline.embed(
            request.origin,
            principal: request.principal,
            request: request.asked,
            requestBytes: request.bodyBytes
        )
    }

    /// The answer as it comes.
    ///
    /// Its head waits for its first chunk, so that what fails before has the status of its failure.
    func stream(
        _ request: DialectRequest<ChatRequest>,
        _ client: LeavingClient,
        _ writer: some ChatStreamWriter,
        _ ticket: IdempotencyTicket?
    ) async throws -> Answer {
        let stream = ChatStream(
            request.origin,
            principal: request.principal,
            request: request.asked,
            requestBytes: request.bodyBytes,
            pipeline: pipeline,
            owner: tasks
        )
        client.watch { stream.cancel(because: $0) }
        let opening = await Opening(stream)
        guard let first = opening.chunk else {
            defer { client.forget() }
            return try await Self.whole(stream, writer, KeptStream(ticket))
        }
        var headers = Answer.eventStream
        headers.add(contentsOf: opening.headers)
        return Answer(
            headers: headers,
            body: .streamed { body in
                let watched = keys.begin(request.principal) { stream.cancel() }
                defer {
                    keys.end(watched)
                    client.forget()
                }
                do {
                    try await write(first, stream, writer, KeptStream(ticket), to: body)
                } catch {
                    stream.cancel()
                    ticket?.abandon()
                    throw error
                }
            }
        )
    }

    /// What is known once the answer has begun.
    private struct Opening {
        var headers = HTTPHeaders()
        /// Nil when the stream ended without one.
        var chunk: [UInt8]?

        init(_ stream: ChatStream) async {
            while chunk == nil, let event = await stream.next() {
                switch event {
                case .routed(let provider, let model, let attempt, _):
                    headers = DialectHeaders.of(
                        provider: provider,
                        model: model,
                        attempts: attempt,
                        overheadMicroseconds: stream.overheadMicroseconds,
                        rateLimit: stream.rateLimit
                    )
                case .chunk(let bytes): chunk = bytes
                case .reset: break
                }
            }
        }
    }

    /// A stream without chunks: a failure, or an end and nothing before it.
    private static func whole(
        _ stream: ChatStream,
        _ writer: some ChatStreamWriter,
        _ kept: KeptStream
    ) async throws -> Answer {
        let answer = try await stream.result().get()
        var writer = writer
        var buffer = ByteBuffer()
        writer.write(end: answer, to: &buffer)
        var kept = kept
        kept.append(buffer)
        kept.finish()
        var headers = Answer.eventStream
        headers.add(contentsOf: DialectHeaders.of(answer))
        return Answer(headers: headers, body: .whole(buffer))
    }

    private func write(
        _ first: [UInt8],
        _ stream: ChatStream,
        _ writer: some ChatStreamWriter,
        _ kept: KeptStream,
        to body: AnswerStream
    ) async throws(ClientGone) {
        let pulse = heartbeats.begin(type(of: writer).heartbeat, on: body)
        defer { heartbeats.end(pulse) }
        let outlet = ChatOutlet(writer, kept, pulse, body)
        if await outlet.take(.chunk(first)) {
            await stream.pass(to: ChatEventQueue.Taker(take: outlet.take, stop: body.leave))
        } else {
            stream.cancel()
        }
        let last = outlet.end(await stream.result())
        heartbeats.end(pulse)
        try await body.write(last)
    }
}
