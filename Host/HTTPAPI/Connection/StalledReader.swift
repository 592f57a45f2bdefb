import NIOCore

/// Closes a connection whose client has not read for too long although an answer waits for it: it would hold its place,
/// and the end of the host, for as long as it likes.
///
/// One for each connection; everything in it happens on the connection's event loop.
final class StalledReader: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    /// Goes through the whole pipeline before the connection is closed, so that whoever serves it can say why.
    struct Cut: Sendable {}

    /// What the kernel takes of an answer beyond what is on its way to the client.
    ///
    /// Without this it would take megabytes, of the upstream's answer as well, before anybody could tell that the client
    /// does not read.
    private static let maxKernelBytes = 64 << 10
    /// TCP_NOTSENT_LOWAT of tcp(7), which NIO has no name for.
    private static let unsentLimit = NIOBSDSocket.Option(rawValue: 25)
    /// What waits in the host's own buffer of a connection before whoever writes has to wait, and how little is left
    /// of it when they go on.
    private static let buffered = ChannelOptions.Types.WriteBufferWaterMark(low: 16 << 10, high: 32 << 10)

    private let limit: TimeAmount
    private var closing: Scheduled<Void>?

    /// `limit` begins when more waits than the connection's buffer is to hold, and ends when most of that has gone.
    init(limit: Duration) {
        let (seconds, attoseconds) = limit.components
        self.limit = .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let options = context.channel.syncOptions
        try? options?.setOption(.writeBufferWaterMark, value: Self.buffered)
        // Where the kernel knows no such limit, or it is no TCP, its own holds.
        try? options?.setOption(.tcpOption(Self.unsentLimit), value: Self.maxKernelBytes)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        closing?.cancel()
        closing = nil
        if !context.channel.isWritable {
            let channel = context.channel
            closing = context.eventLoop.scheduleTask(in: limit) {
                channel.pipeline.fireUserInboundEventTriggered(Cut())
                channel.close(mode: .all, promise: nil)
            }
        }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        closing?.cancel()
        closing = nil
        context.fireChannelInactive()
    }
}
