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

    /// Waits for the first event, or for the end when none comes.
    func response() async throws -> Response {
        let first = await stream.next()
        guard let first else {
            let answer = try await stream.result().get()
            return Response(stream: [accepted(1), done(answer, sequence: 2)].joined())
        }
        return Response(
            status: .ok,
            headers: Self.headers,
            body: ResponseBody { writer in
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
        // The kind comes from a plugin: a line break in it would be an event of its own.
        let kind = event.kind.filter { $0.isASCII && ($0.isLetter || $0.isNumber || "_-".contains($0)) }
        return message(kind.isEmpty ? "data" : kind, sequence, event.json)
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
        var bytes = Array("event: \(event)\nid: \(sequence)\n".utf8)
        for line in json.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            bytes += Array("data: ".utf8)
            bytes += line.filter { $0 != UInt8(ascii: "\r") }
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
