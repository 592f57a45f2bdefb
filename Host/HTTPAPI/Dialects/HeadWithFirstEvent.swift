import NIOCore
import Synchronization

/// Holds the head of a streamed answer back until its first event is written, so that both go out together: one packet
/// and one system call less before the first token.
///
/// In the connection's pipeline from before the head is written; the first event must be at hand by then.
final class HeadWithFirstEvent: ChannelOutboundHandler, RemovableChannelHandler, Sendable {
    typealias OutboundIn = NIOAny
    typealias OutboundOut = NIOAny

    private let isHeld = Atomic<Bool>(true)

    func flush(context: ChannelHandlerContext) {
        guard isHeld.exchange(false, ordering: .relaxed) else { return context.flush() }
    }
}
