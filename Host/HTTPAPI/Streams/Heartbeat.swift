import NIOCore
import NIOHTTPTypes
import PluginRuntime

/// Sends a comment on a stream of server-sent events whenever nothing else has been sent for a while.
final class Heartbeat: Sendable {
    private struct State {
        var hasBeaten = false
        var isStopped = false
    }

    private let channel: any Channel
    private let state: NIOLoopBoundBox<State>
    private let repeated: RepeatedTask

    /// From now on, between the messages that others write to the channel.
    init(_ channel: any Channel, every interval: Duration) {
        let state = NIOLoopBoundBox.makeBoxSendingValue(State(), eventLoop: channel.eventLoop)
        let amount = TimeAmount.nanoseconds(Int64(clamping: interval.nanoseconds))
        self.channel = channel
        self.state = state
        repeated = channel.eventLoop.scheduleRepeatedTask(initialDelay: amount, delay: amount) { _ in
            defer { state.value.hasBeaten = false }
            guard !state.value.hasBeaten, !state.value.isStopped else { return }
            channel.writeAndFlush(HTTPResponsePart.body(ByteBuffer(string: ": \n\n")), promise: nil)
        }
    }

    /// Something else is being sent.
    func beat() { channel.eventLoop.execute { [state] in state.value.hasBeaten = true } }

    /// Once this returns, nothing more is sent.
    func stop() async throws {
        repeated.cancel()
        try await channel.eventLoop.submit { [state] in state.value.isStopped = true }.get()
    }
}
