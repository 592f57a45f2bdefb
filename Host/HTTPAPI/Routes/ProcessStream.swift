import Core
import Gateway
import HTTPTypes
import Hummingbird
import NIOCore
import PluginRuntime
import PraximousJSON

/// The answer of `/api/v1/process` to a client that accepts `text/event-stream`: the events of the call as they come,
/// numbered without a gap, and exactly one last one, `done` or `error`.
///
/// What fails before the first event is answered as any other failure, with its status.
struct ProcessStream: Sendable {
    let stream: SkillStream
    let requestID: String
    let channel: any Channel

    /// Waits for the first event, or for the end when none comes.
    ///
    /// The call is cancelled when the client leaves.
    func response() async throws -> Response {
        let watch = LeavingClient { [stream] in stream.cancel() }
        // A connection that is gone takes no handler, and no answer.
        do { try await channel.pipeline.addHandler(watch, position: .first) } catch { stream.cancel() }
        let first = await stream.next()
        guard let first else {
            defer { channel.pipeline.removeHandler(watch, promise: nil) }
            let answer = try await stream.result().get()
            return Response(stream: [accepted(1), done(answer, sequence: 2)].joined())
        }
        return Response(
            status: .ok,
            headers: Self.headers,
            body: ResponseBody { writer in
                defer { channel.pipeline.removeHandler(watch, promise: nil) }
                do {
                    try await write(first, to: &writer)
                    try await writer.finish(nil)
                } catch {
                    stream.cancel()
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

    private func write(_ first: CallEvent, to writer: inout any ResponseBodyWriter) async throws {
        try await writer.write(ByteBuffer(bytes: accepted(1)))
        var sequence = 1
        var next: CallEvent? = first
        while let event = next {
            sequence += 1
            try await writer.write(ByteBuffer(bytes: message(event, sequence: sequence)))
            next = await stream.next()
        }
        let last =
            switch await stream.result() {
            case .success(let answer): done(answer, sequence: sequence + 1)
            case .failure(let failure): message(failure, sequence: sequence + 1)
            }
        try await writer.write(ByteBuffer(bytes: last))
    }

    private func accepted(_ sequence: Int) -> [UInt8] {
        message("accepted", sequence, JSON.object(["request_id": .string(requestID)]).encoded())
    }

    private func message(_ event: CallEvent, sequence: Int) -> [UInt8] {
        // The kind comes from a plugin: it must not look like an end, nor hold a line break.
        let isOwn = event.kind.hasPrefix("x-") && event.kind.utf8.dropFirst(2).allSatisfy(Self.isWordByte)
        let kind = isOwn || Self.kinds.contains(event.kind) ? event.kind : "data"
        return message(kind, sequence, event.json)
    }

    /// The kinds of the plugin API (host/call.h).
    private static let kinds: Set<String> = ["delta", "tool_call", "usage", "progress", "data"]

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
        default: false
        }
    }

    private func done(_ answer: SkillAnswer, sequence: Int) -> [UInt8] {
        var payload = Array(#"{"result":"#.utf8)
        payload += answer.result
        payload += Array(#","provider":"#.utf8)
        JSON.write(answer.provider, to: &payload)
        payload += Array(#","finish_reason":"stop","request_id":"\#(requestID)"}"#.utf8)
        return message("done", sequence, payload)
    }

    private func message(_ failure: Failure, sequence: Int) -> [UInt8] {
        var object: JSONObject = [
            "code": .string(failure.code), "message": .string(failure.message),
            "hint": failure.hint.map(JSON.string) ?? .null, "request_id": .string(requestID),
        ]
        object["retryable"] = .bool([.busy, .unavailable, .upstream, .rateLimit].contains(failure.kind))
        if let milliseconds = failure.retryAfterMilliseconds { object["retry_after_ms"] = .integer(milliseconds) }
        return message("error", sequence, JSON.object(object).encoded())
    }

    /// One message of the stream; JSON text may hold line breaks, each of which begins a `data` line.
    private func message(_ event: String, _ sequence: Int, _ json: [UInt8]) -> [UInt8] {
        let head = "event: \(event)\nid: \(sequence)\n"
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

extension Response {
    fileprivate init(stream bytes: some Sequence<UInt8>) {
        self.init(
            status: .ok,
            headers: ProcessStream.headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: Array(bytes)))
        )
    }
}
