import Core
import NIOCore
import NIOHTTP1
import NIOWebSocket
import PraximousJSON

/// Turns a connection into a WebSocket when a request asks for that and may; all others pass.
///
/// Not NIO's own upgrade handler: that one drops a request which asks for an upgrade that it does not get, so that the
/// client waits for ever, and stands in the way of every other request.
///
/// Between ``RequestGate`` and Hummingbird, on the connection's event loop.
final class UpgradeGate: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// The HTTP handlers that go when the connection is a WebSocket.
    struct HTTPHandlers {
        let encoder: HTTPResponseEncoder
        let decoder: ByteToMessageHandler<HTTPRequestDecoder>
        let others: [any RemovableChannelHandler]
    }

    private enum State {
        case http
        /// Until the end of the request.
        case upgrading(HTTPRequestHead, Principal?, hasSubprotocol: Bool)
        case refusing
    }

    private let host: WebSocketHost
    private let handlers: HTTPHandlers
    private var state = State.http

    init(host: WebSocketHost, handlers: HTTPHandlers) {
        self.host = host
        self.handlers = handlers
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (state, unwrapInboundIn(data)) {
        case (.http, .head(let head)) where head.headers.contains(name: "upgrade"): decide(context, head)
        case (.http, _): context.fireChannelRead(data)
        case (.upgrading(let head, let principal, let hasSubprotocol), .end):
            upgrade(context, head, principal, hasSubprotocol)
        case (.upgrading, _), (.refusing, _): break
        }
    }

    private func decide(_ context: ChannelHandlerContext, _ head: HTTPRequestHead) {
        let requestID = RequestID.make()
        let address = context.channel.remoteAddress?.ipAddress
        switch UpgradeDecision(head, host, clientAddress: address, requestID: requestID) {
        case .pass:
            var head = head
            // The decoder reads nothing behind a request that asks for an upgrade.
            head.headers.remove(name: "upgrade")
            head.headers.replaceOrAdd(name: "connection", value: "close")
            context.fireChannelRead(wrapInboundOut(.head(head)))
        case .refuse(let status, let failure):
            state = .refusing
            refuse(context, status, failure, requestID)
        case .accept(let principal, let hasSubprotocol):
            state = .upgrading(head, principal, hasSubprotocol: hasSubprotocol)
        }
    }

    private func refuse(
        _ context: ChannelHandlerContext,
        _ status: HTTPResponseStatus,
        _ failure: Failure,
        _ requestID: String
    ) {
        let body = context.channel.allocator.buffer(bytes: failure.json(requestID: requestID).encoded())
        var headers: HTTPHeaders = [
            "Content-Type": "application/json; charset=utf-8", "Content-Length": "\(body.readableBytes)",
            "X-Request-ID": requestID, "Connection": "close",
        ]
        if status == .upgradeRequired { headers.add(name: "Sec-WebSocket-Version", value: "13") }
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
    }

    private func upgrade(
        _ context: ChannelHandlerContext,
        _ head: HTTPRequestHead,
        _ principal: Principal?,
        _ hasSubprotocol: Bool
    ) {
        var extra = HTTPHeaders()
        if hasSubprotocol { extra.add(name: "Sec-WebSocket-Protocol", value: UpgradeDecision.subprotocol) }
        // NIO makes Sec-WebSocket-Accept; nothing in it waits, so the future is there at once.
        NIOWebSocketServerUpgrader(
            shouldUpgrade: { [extra] channel, _ in channel.eventLoop.makeSucceededFuture(extra) },
            upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() }
        )
        .buildUpgradeResponse(channel: context.channel, upgradeRequest: head, initialResponseHeaders: [:])
        .assumeIsolated()
        .whenComplete { result in
            guard let headers = try? result.get() else { return context.close(promise: nil) }
            self.switchProtocols(context, headers, principal, hasSubprotocol)
        }
    }

    private func switchProtocols(
        _ context: ChannelHandlerContext,
        _ headers: HTTPHeaders,
        _ principal: Principal?,
        _ hasSubprotocol: Bool
    ) {
        let head = HTTPResponseHead(version: .http1_1, status: .switchingProtocols, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        let live = LiveSession(
            id: RequestID.make(),
            principal: principal,
            clientAddress: context.channel.remoteAddress?.ipAddress,
            host: host
        )
        let pipeline = context.pipeline.syncOperations
        do {
            let connection = WebSocketConnection(live: live, limits: host.limits)
            let decoder = ByteToMessageHandler(WebSocketFrameDecoder(maxFrameSize: host.limits.maxMessageBytes))
            for handler in handlers.others { pipeline.removeHandler(handler, promise: nil) }
            try pipeline.addHandler(WebSocketFrameEncoder(), position: .after(self))
            try pipeline.addHandler(decoder, position: .before(try pipeline.handler(type: StalledReader.self)))
            try pipeline.addHandler(connection, position: .after(decoder))
            pipeline.removeHandler(handlers.encoder, promise: nil)
            pipeline.removeHandler(context: context, promise: nil)
            connection.start(
                refusal: hasSubprotocol
                    ? nil : (.subprotocol, "offer the sub-protocol \(UpgradeDecision.subprotocol)")
            )
            // Last: it hands on what it has read beyond the request.
            pipeline.removeHandler(handlers.decoder, promise: nil)
        } catch {
            context.close(promise: nil)
        }
    }
}
