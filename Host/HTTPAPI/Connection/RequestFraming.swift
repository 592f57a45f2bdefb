import Core
import NIOCore
import NIOHTTP1
import PraximousJSON

/// Where one request of a connection ends and the next begins.
///
/// A request whose body is coded in a way that another server might read otherwise is refused (RFC 9112, 6.1), and so
/// is the rest of its connection. A client that has its answer and still sends the body gets some time to notice, since
/// it might lose the answer otherwise, and then loses its connection: nobody else counts what is read and thrown away.
///
/// Between the HTTP decoder and ``RequestGate``, on the connection's event loop.
final class RequestFraming: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// How long, and how much, a client may go on sending what was already answered.
    private static let maxUnreadTime = TimeAmount.seconds(5)
    private static let maxUnreadBytes = 16 << 20

    /// Requests whose end has come, and answers whose end has gone out.
    private var (requestsEnded, answersEnded) = (0, 0)
    private var unreadBytes = 0
    private var closing: Scheduled<Void>?
    private var isRefusing = false

    /// Whether a request has its answer before its end.
    private var isAnsweredEarly: Bool { answersEnded > requestsEnded }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isRefusing { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            guard Self.isCodingKnown(head.headers) else {
                isRefusing = true
                return refuseInTurn(context)
            }
        case .body(let part) where isAnsweredEarly:
            unreadBytes += part.readableBytes
            guard unreadBytes <= Self.maxUnreadBytes else { return context.close(promise: nil) }
        case .body: break
        case .end:
            requestsEnded += 1
            stopWaiting()
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            answersEnded += 1
            if isAnsweredEarly {
                let channel = context.channel
                closing = context.eventLoop.scheduleTask(in: Self.maxUnreadTime) {
                    channel.close(mode: .all, promise: nil)
                }
            }
        }
        context.write(data, promise: promise)
        if isRefusing, case .end = unwrapOutboundIn(data) { refuseInTurn(context) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        stopWaiting()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { stopWaiting() }

    private func stopWaiting() {
        closing?.cancel()
        closing = nil
        unreadBytes = 0
    }

    private static func isCodingKnown(_ headers: HTTPHeaders) -> Bool {
        let codings = headers["transfer-encoding"]
        return codings.isEmpty || codings.count == 1 && codings[0].lowercased() == "chunked"
    }

    /// Behind the answers to the requests before it.
    private func refuseInTurn(_ context: ChannelHandlerContext) {
        if answersEnded == requestsEnded { refuse(context) }
    }

    private func refuse(_ context: ChannelHandlerContext) {
        let failure = Failure(
            .invalid,
            code: "unknown_transfer_coding",
            message: "The body's Transfer-Encoding is not chunked alone.",
            hint: "Send Content-Length, or Transfer-Encoding: chunked."
        )
        let requestID = RequestID.make()
        let body = context.channel.allocator.buffer(bytes: failure.json(requestID: requestID).encoded())
        let headers: HTTPHeaders = [
            "Content-Type": "application/json; charset=utf-8", "Content-Length": "\(body.readableBytes)",
            "X-Request-ID": requestID, "Connection": "close",
        ]
        let head = HTTPResponseHead(version: .http1_1, status: .notImplemented, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
    }
}
