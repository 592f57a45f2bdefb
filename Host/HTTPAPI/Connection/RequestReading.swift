import Access
import Core
import NIOCore
import NIOHTTP1
import PluginRuntime

/// A request of a pipeline of which some of the body may be missing.
struct RequestReading {
    let route: PipelineRoute
    let requestID = RequestID.make()
    let startedAt = MonotonicClock.now()
    private(set) var body = ByteBuffer()
    /// By which ``BodyReader`` knows it; nil while nobody has to wait for the body.
    var number: UInt64?
    private let headers: HTTPHeaders
    private let principal: Result<Principal, Failure>
    private let receivedAt = WallClock.system.now()

    init(_ head: HTTPRequestHead, _ route: PipelineRoute, principal: Result<Principal, Failure>) {
        self.route = route
        self.principal = principal
        headers = head.headers
    }

    /// Why nothing of the body is to be read; nil when it is.
    func refusal(maxBytes: Int) -> Failure? {
        if case .failure(let failure) = principal { return failure }
        let length = headers.first(name: "content-length").flatMap { Int($0) } ?? 0
        return length > maxBytes ? .bodyTooLarge(limit: maxBytes) : nil
    }

    /// Adds a part of the body; the request as it is then.
    mutating func add(_ bytes: ByteBuffer) -> RequestReading {
        if body.readableBytes == 0 { body = bytes } else { body.writeImmutableBuffer(bytes) }
        return self
    }

    func failure(maxBytes: Int) -> Failure? {
        body.readableBytes > maxBytes ? .bodyTooLarge(limit: maxBytes) : nil
    }

    func request(
        _ body: Result<ByteBuffer, Failure>,
        clientAddress: String?,
        client: LeavingClient
    ) -> IncomingRequest {
        IncomingRequest(
            route: route,
            headers: headers,
            principal: principal,
            body: body,
            requestID: requestID,
            receivedAt: receivedAt,
            startedAt: startedAt,
            clientAddress: clientAddress,
            client: client
        )
    }
}
