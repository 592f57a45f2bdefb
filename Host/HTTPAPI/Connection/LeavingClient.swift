import Core
import NIOCore
import PluginRuntime
import Synchronization

/// Says that the client of a connection has left, or does not read and is about to be cut: nothing is written to it
/// before an answer, or a stream's first event, and so nothing else would tell.
///
/// A client that ends its side of the connection counts as gone: TCP does not tell one that still reads from one that
/// does not. In the connection's pipeline from its beginning, so that nothing is missed and no request pays for it.
final class LeavingClient: ChannelInboundHandler, Sendable {
    typealias InboundIn = NIOAny

    private struct State {
        /// Why nobody is there any more.
        var loss: Failure?
        var watcher: (@Sendable (Failure) -> Void)?
        var server: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    /// Names who hears of it, at once when it has happened; one at a time, as HTTP/1 has one request at a time.
    func watch(_ body: @escaping @Sendable (_ loss: Failure) -> Void) {
        let loss = state.withLock { state in
            state.watcher = body
            return state.loss
        }
        if let loss { body(loss) }
    }

    /// Names who serves the connection's requests, for as long as there is one.
    func stops(_ server: @escaping @Sendable () -> Void) {
        let isGone = state.withLock { state in
            state.server = server
            return state.loss != nil
        }
        if isGone { server() }
    }

    /// Nobody needs to hear of it any more.
    func forget() { state.withLock { $0.watcher = nil } }

    private func leave(_ loss: Failure) {
        let (watcher, server) = state.withLock { state in
            state.loss = state.loss ?? loss
            return (state.watcher, state.server)
        }
        watcher?(loss)
        server?()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed = event as? ChannelEvent { leave(.callCancelled) }
        if event is StalledReader.Cut { leave(.slowConsumer) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        leave(.callCancelled)
        context.fireChannelInactive()
    }
}
