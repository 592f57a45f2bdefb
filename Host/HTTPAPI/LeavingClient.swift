import Foundation
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

    /// The client may have ended its side before this was here to see it.
    func handlerAdded(context: ChannelHandlerContext) {
        guard let socket = context.channel as? any SocketOptionProvider else { return }
        socket.getTCPInfo().whenSuccess { [hasLeft] info in
            if info.tcpi_state == TCP_CLOSE_WAIT { hasLeft() }
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed = event as? ChannelEvent { hasLeft() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        hasLeft()
        context.fireChannelInactive()
    }
}

extension LeavingClient {
    /// Does work for the client of a connection; it is cancelled when the client leaves.
    static func serve<Answer: Sendable, Problem: Error>(
        on channel: any Channel,
        _ work: @escaping @Sendable () async throws(Problem) -> Answer
    ) async throws(Problem) -> Answer {
        let (presence, leaving) = AsyncStream<Never>.makeStream()
        let watch = LeavingClient { leaving.finish() }
        channel.pipeline.addHandler(watch, position: .first).whenFailure { _ in leaving.finish() }
        defer { channel.pipeline.removeHandler(watch, promise: nil) }
        return try await withTaskGroup(of: Result<Answer, Problem>?.self) { group in
            group.addTask { await result(of: work) }
            group.addTask {
                for await _ in presence {}
                return nil
            }
            var ended: Result<Answer, Problem>?
            while let next = await group.next() {
                if let next { ended = next }
                group.cancelAll()
            }
            guard let ended else { preconditionFailure("the work has a result, cancelled or not") }
            return ended
        }.get()
    }

    private static func result<Answer, Problem: Error>(
        of work: @Sendable () async throws(Problem) -> Answer
    ) async -> Result<Answer, Problem> {
        do throws(Problem) {
            return .success(try await work())
        } catch {
            return .failure(error)
        }
    }
}
