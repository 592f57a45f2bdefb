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

    /// Nobody needs to hear of it any more.
    func forget() { state.withLock { $0.watcher = nil } }

    private func leave(_ loss: Failure) {
        let watcher = state.withLock { state in
            state.loss = state.loss ?? loss
            return state.watcher
        }
        watcher?(loss)
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

extension LeavingClient {
    /// Does work for the client; it is cancelled when the client leaves, or whoever asked for it is cancelled.
    func serve<Answer: Sendable, Problem: Error>(
        _ work: @escaping @Sendable () async throws(Problem) -> Answer
    ) async throws(Problem) -> Answer {
        let task = Task { await Self.result(of: work) }
        watch { _ in task.cancel() }
        defer { forget() }
        return try await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
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

/// The clients of the connections that are open.
///
/// A request knows its channel and nothing of the handlers in it, and asking the pipeline means waiting for its event
/// loop.
final class ConnectedClients: Sendable {
    private let clients = Mutex<[ObjectIdentifier: LeavingClient]>([:])

    /// Puts the watching handler into a new connection, on its event loop.
    func join(_ channel: any Channel) throws {
        let client = LeavingClient()
        try channel.pipeline.syncOperations.addHandler(client, position: .first)
        let id = ObjectIdentifier(channel)
        clients.withLock { $0[id] = client }
        channel.closeFuture.whenComplete { [self] _ in clients.withLock { _ = $0.removeValue(forKey: id) } }
    }

    /// The client at the other end of a channel; for one that never joined, nobody ever leaves.
    func client(of channel: any Channel) -> LeavingClient {
        clients.withLock { $0[ObjectIdentifier(channel)] } ?? LeavingClient()
    }
}
