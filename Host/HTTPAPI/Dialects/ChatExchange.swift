import Core
import Gateway
import HTTPTypes
import Hummingbird
import Limits
import NIOCore

/// Has the pipeline answer a request of a dialect, for as long as its client is there.
struct ChatExchange: Sendable {
    let pipeline: ChatPipeline
    let tasks: CallTasks
    let heartbeats: Heartbeats
    let clients: ConnectedClients
    let keys: KeyWatch

    /// The whole answer.
    ///
    /// The upstream is cancelled when the client leaves.
    func answer(_ request: DialectRequest<ChatRequest>, _ context: APIContext) async throws -> ChatAnswer {
        let origin = context.origin(in: request.trace)
        return try await clients.client(of: context.channel).serve { [pipeline] () async throws(Failure) in
            try await pipeline.chat(
                origin,
                principal: request.principal,
                request: request.asked,
                requestBytes: request.bodyBytes
            )
        }
    }

    /// The vectors that were asked for, as ``answer(_:_:)``.
    func embed(_ request: DialectRequest<EmbeddingRequest>, _ context: APIContext) async throws -> EmbeddingAnswer {
        let origin = context.origin(in: request.trace)
        return try await clients.client(of: context.channel).serve { [pipeline] () async throws(Failure) in
            try await pipeline.embed(
                origin,
                principal: request.principal,
                request: request.asked,
                requestBytes: request.bodyBytes
            )
        }
    }

    /// The answer as it comes.
    ///
    /// Its head waits for its first chunk, so that what fails before has the status of its failure.
    func stream(
        _ request: DialectRequest<ChatRequest>,
        _ context: APIContext,
        _ writer: some ChatStreamWriter,
        _ ticket: IdempotencyTicket?
    ) async throws -> Response {
        let stream = ChatStream(
            context.origin(in: request.trace),
            principal: request.principal,
            request: request.asked,
            requestBytes: request.bodyBytes,
            pipeline: pipeline,
            owner: tasks
        )
        let channel = context.channel
        let client = clients.client(of: channel)
        client.watch { stream.cancel(because: $0) }
        let head = HeadWithFirstEvent()
        // A connection that is gone takes no handler, and no answer.
        channel.pipeline.addHandler(head, position: .first).whenFailure { _ in stream.cancel() }
        let opening = await Opening(stream)
        guard let first = opening.chunk else {
            defer { Self.release(channel, client, head) }
            return try await Self.whole(stream, writer, KeptStream(ticket))
        }
        var headers = Self.headers
        headers.append(contentsOf: opening.headers)
        return Response(
            status: .ok,
            headers: headers,
            body: ResponseBody { body in
                let watched = keys.begin(request.principal) { stream.cancel() }
                defer {
                    keys.end(watched)
                    Self.release(channel, client, head)
                }
                do {
                    try await write(first, stream, writer, KeptStream(ticket), to: &body, of: channel)
                    try await body.finish(nil)
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
        var headers = HTTPFields()
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

    private static let headers: HTTPFields = {
        var headers = ProcessStream.headers
        headers[.contentType] = "text/event-stream; charset=utf-8"
        return headers
    }()

    /// A stream without chunks: a failure, or an end and nothing before it.
    private static func whole(
        _ stream: ChatStream,
        _ writer: some ChatStreamWriter,
        _ kept: KeptStream
    ) async throws -> Response {
        let answer = try await stream.result().get()
        var writer = writer
        var buffer = ByteBuffer()
        writer.write(end: answer, to: &buffer)
        var kept = kept
        kept.append(buffer)
        kept.finish()
        var headers = headers
        headers.append(contentsOf: DialectHeaders.of(answer))
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: buffer))
    }

    private static func release(_ channel: any Channel, _ client: LeavingClient, _ head: HeadWithFirstEvent) {
        client.forget()
        channel.pipeline.removeHandler(head, promise: nil)
    }

    /// One write for each chunk, as soon as it is there.
    private func write(
        _ first: [UInt8],
        _ stream: ChatStream,
        _ writer: some ChatStreamWriter,
        _ kept: KeptStream,
        to body: inout any ResponseBodyWriter,
        of channel: any Channel
    ) async throws {
        var writer = writer
        var kept = kept
        let pulse = heartbeats.begin(type(of: writer).heartbeat, on: channel)
        defer { heartbeats.end(pulse) }
        var chunk: [UInt8]? = first
        while let bytes = chunk {
            var buffer = ByteBuffer()
            buffer.reserveCapacity(bytes.count + Self.framingBytes)
            writer.write(chunk: bytes, to: &buffer)
            if buffer.readableBytes > 0 {
                pulse.note()
                kept.append(buffer)
                try await body.write(buffer)
            }
            chunk = await Self.nextChunk(of: stream)
        }
        var buffer = ByteBuffer()
        switch await stream.result() {
        case .success(let answer):
            writer.write(end: answer, to: &buffer)
            kept.append(buffer)
            kept.finish()
        case .failure(let failure):
            writer.write(failure: failure, to: &buffer)
            kept.abandon()
        }
        heartbeats.end(pulse)
        try await body.write(buffer)
    }

    /// `data: ` and the empty line, with some room.
    private static let framingBytes = 16

    private static func nextChunk(of stream: ChatStream) async -> [UInt8]? {
        while let event = await stream.next() {
            if case .chunk(let bytes) = event { return bytes }
        }
        return nil
    }
}
