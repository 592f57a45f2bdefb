import NIOCore

/// Says that the client of one streamed answer has left: nothing is written to it before the first event, and so
/// nothing else would tell.
///
/// A client that ends its side of the connection counts as gone: TCP does not tell one that still reads from one that
/// does not. In the connection's pipeline for the length of that answer.
final class LeavingClient: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = NIOAny

    private let hasLeft: @Sendable () -> Void

    init(_ hasLeft: @escaping @Sendable () -> Void) { self.hasLeft = hasLeft }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed = event as? ChannelEvent { hasLeft() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        hasLeft()
        context.fireChannelInactive()
    }
}
