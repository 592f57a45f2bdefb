import Core
import NIOCore
import NIOHTTP1
import PluginRuntime
import PraximousJSON

/// The answer of `/api/v1/process` to a client that accepts `text/event-stream`: the events of PROTOCOL.md as they come,
/// numbered without a gap, and exactly one last one.
///
/// What fails before the first event is answered as any other failure, with its status, unless it takes so long that the
/// client has to be told that it is not forgotten.
struct ProcessStream: Sendable {
    let source: StreamSource
    let requestID: String
    let client: LeavingClient
    let heartbeats: Heartbeats
    let kept: KeptStream
    let principal: Result<Principal, Failure>
    let keys: KeyWatch

    /// A comment.
    private static let sign = ByteBuffer(string: ": \n\n")

    /// Waits for the first event, or for the end when none comes.
    ///
    /// The call is cancelled when the client leaves.
    func answer() async throws -> Answer {
        client.watch { [source] in source.cancel($0) }
        let first = FirstEvent(source)
        switch await first.wait(atMost: heartbeats.interval) {
        case .event(nil):
            defer { client.forget() }
            let done = try await source.result().get()
            var messages = Messages()
            let bytes = messages.bytes(.accepted(requestID: requestID)) + messages.bytes(done)
            var kept = kept
            kept.append(ByteBuffer(bytes: bytes))
            kept.finish()
            return Answer(headers: headers, body: .whole(ByteBuffer(bytes: bytes)))
        case .event(.some(let event)): return streamed { event }
        case .late: return streamed { await first.value() }
        }
    }

    private func streamed(
        _ first: @escaping @Sendable () async -> ProcessEvent?
    ) -> Answer {
        Answer(
            headers: headers,
            body: .streamed { body in
                let watched = keys.begin(principal) { [source] in source.cancel(.callCancelled) }
                defer {
                    keys.end(watched)
                    client.forget()
                }
                do {
                    try await write(first, to: body)
                } catch {
                    source.cancel(.callCancelled)
                    kept.abandon()
                    throw error
                }
            }
        )
    }

    /// Those of the answer, with what is left of the caller's limits.
    private var headers: HTTPHeaders {
        var headers = Answer.eventStream
        if let rateLimit = source.rateLimit() { headers.add(rateLimit) }
        return headers
    }

    private func write(
        _ first: @Sendable () async -> ProcessEvent?,
        to body: AnswerStream
    ) async throws {
        var messages = Messages()
        var kept = kept
        let pulse = heartbeats.begin(Self.sign, on: body)
        defer { heartbeats.end(pulse) }
        func write(_ event: ProcessEvent) async throws {
            let buffer = ByteBuffer(bytes: messages.bytes(event))
            pulse.note()
            kept.append(buffer)
            try await body.write(buffer)
        }
        try await write(.accepted(requestID: requestID))
        var next = await first()
        while let event = next {
            try await write(event)
            next = await source.next()
        }
        let last = await source.end(requestID: requestID)
        heartbeats.end(pulse)
        try await write(last)
        if last.kind == .done { kept.finish() } else { kept.abandon() }
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
