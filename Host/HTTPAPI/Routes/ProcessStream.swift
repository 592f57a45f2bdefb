import Core
import HTTPTypes
import Hummingbird
import NIOCore
import PraximousJSON

/// The answer of `/api/v1/process` to a client that accepts `text/event-stream`: the events of PROTOCOL.md as they come,
/// numbered without a gap, and exactly one last one.
///
/// What fails before the first event is answered as any other failure, with its status, unless it takes so long that the
/// client has to be told that it is not forgotten.
struct ProcessStream: Sendable {
    let source: StreamSource
    let requestID: String
    let channel: any Channel
    let principal: Result<Principal, Failure>
    let keys: KeyWatch

    /// How long a stream is silent before a comment is sent, so that nothing on the way takes it for dead.
    private static let heartbeat = Duration.seconds(15)

    /// Waits for the first event, or for the end when none comes.
    ///
    /// The call is cancelled when the client leaves.
    func response() async throws -> Response {
        let watch = LeavingClient { [source] in source.cancel() }
        // A connection that is gone takes no handler, and no answer.
        do { try await channel.pipeline.addHandler(watch, position: .first) } catch { source.cancel() }
        let first = FirstEvent(source)
        switch await first.wait(atMost: Self.heartbeat) {
        case .event(nil):
            defer { channel.pipeline.removeHandler(watch, promise: nil) }
            let done = try await source.result().get()
            var messages = Messages()
            return Response(stream: messages.bytes(.accepted(requestID: requestID)) + messages.bytes(done))
        case .event(.some(let event)): return streamed(watch) { event }
        case .late: return streamed(watch) { await first.value() }
        }
    }

    private func streamed(
        _ watch: LeavingClient,
        _ first: @escaping @Sendable () async -> ProcessEvent?
    ) -> Response {
        Response(
            status: .ok,
            headers: Self.headers,
            body: ResponseBody { writer in
                let watched = keys.begin(principal) { [source] in source.cancel() }
                defer {
                    keys.end(watched)
                    channel.pipeline.removeHandler(watch, promise: nil)
                }
                do {
                    try await write(first, to: &writer)
                    try await writer.finish(nil)
                } catch {
                    source.cancel()
                    throw error
                }
            }
        )
    }

    static let headers: HTTPFields = {
        var headers: HTTPFields = [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store"]
        if let accelerated = HTTPField.Name("X-Accel-Buffering") { headers[accelerated] = "no" }
        return headers
    }()

    private func write(
        _ first: @Sendable () async -> ProcessEvent?,
        to writer: inout any ResponseBodyWriter
    ) async throws {
        var messages = Messages()
        try await writer.write(ByteBuffer(bytes: messages.bytes(.accepted(requestID: requestID))))
        let heartbeat = Heartbeat(channel, every: Self.heartbeat)
        do {
            var next = await first()
            while let event = next {
                heartbeat.beat()
                try await writer.write(ByteBuffer(bytes: messages.bytes(event)))
                next = await source.next()
            }
            let last = await source.end(requestID: requestID)
            // Nothing may follow the end of the body.
            try await heartbeat.stop()
            try await writer.write(ByteBuffer(bytes: messages.bytes(last)))
        } catch {
            try? await heartbeat.stop()
            throw error
        }
    }

    /// Numbers events and writes them as messages of a stream.
    private struct Messages {
        private var numbering = EventNumbering()

        /// One message; JSON text may hold line breaks, each of which begins a `data` line.
        mutating func bytes(_ event: ProcessEvent) -> [UInt8] {
            let (sequence, json) = numbering.number(event)
            let head = "event: \(event.kind.rawValue)\nid: \(sequence)\n"
            var bytes: [UInt8] = []
            bytes.reserveCapacity(head.utf8.count + json.count + 32)
            bytes += head.utf8
            let hasReturns = json.contains(UInt8(ascii: "\r"))
            for line in json.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
                bytes += "data: ".utf8
                // As a whole: byte by byte, long events would keep this thread from every other request.
                if hasReturns { bytes += line.filter { $0 != UInt8(ascii: "\r") } } else { bytes += line }
                bytes.append(UInt8(ascii: "\n"))
            }
            bytes.append(UInt8(ascii: "\n"))
            return bytes
        }
    }
}

extension Response {
    fileprivate init(stream bytes: [UInt8]) {
        self.init(
            status: .ok,
            headers: ProcessStream.headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }
}
