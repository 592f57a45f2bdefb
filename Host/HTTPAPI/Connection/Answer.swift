import Core
import NIOCore
import NIOHTTP1
import PraximousJSON

/// What an ``IncomingRequest`` is answered.
struct Answer: Sendable {
    enum Body: Sendable {
        case whole(ByteBuffer)
        /// Written by the function as it comes. One that throws was cut: the connection is closed without the end that
        /// HTTP has for a whole one.
        case streamed(@Sendable (AnswerStream) async throws -> Void)
    }

    var status: HTTPResponseStatus = .ok
    var headers: HTTPHeaders
    var body: Body

    init(status: HTTPResponseStatus = .ok, headers: HTTPHeaders, body: Body) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// JSON that is encoded already.
    init(json: [UInt8], status: HTTPResponseStatus = .ok, headers: HTTPHeaders = HTTPHeaders()) {
        self.init(status: status, headers: ["Content-Type": Self.json], body: .whole(ByteBuffer(bytes: json)))
        self.headers.add(contentsOf: headers)
    }

    init(json: JSON, status: HTTPResponseStatus = .ok) { self.init(json: json.encoded(), status: status) }

    static let json = "application/json; charset=utf-8"

    /// The headers of every streamed answer.
    static let eventStream: HTTPHeaders = [
        "Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-store", "X-Accel-Buffering": "no",
    ]
}
