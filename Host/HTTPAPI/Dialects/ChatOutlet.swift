import Core
import Gateway
import NIOCore
import Synchronization

/// Writes the events of one answer into its body, in the form of a dialect, and keeps them for its repeats.
final class ChatOutlet<Writer: ChatStreamWriter>: Sendable {
    private struct State {
        var writer: Writer
        var kept: KeptStream
    }

    private let state: Mutex<State>
    private let pulse: Heartbeats.Stream
    private let body: AnswerStream

    init(_ writer: Writer, _ kept: KeptStream, _ pulse: Heartbeats.Stream, _ body: AnswerStream) {
        state = Mutex(State(writer: writer, kept: kept))
        self.pulse = pulse
        self.body = body
    }

    /// Returns when there is room for more, false once nobody reads any more.
    ///
    /// One at a time.
    func take(_ event: ChatEvent) async -> Bool {
        guard case .chunk(let bytes) = event else { return true }
        let buffer = state.withLock { state in
            var buffer = ByteBuffer()
            buffer.reserveCapacity(bytes.count + Self.framingBytes)
            state.writer.write(chunk: bytes, to: &buffer)
            state.kept.append(buffer)
            return buffer
        }
        guard buffer.readableBytes > 0 else { return true }
        pulse.note()
        do {
            try await body.write(buffer)
            return true
        } catch {
            return false
        }
    }

    /// What is to be written last.
    func end(_ result: Result<ChatAnswer, Failure>) -> ByteBuffer {
        state.withLock { state in
            var buffer = ByteBuffer()
            switch result {
            case .success(let answer):
                state.writer.write(end: answer, to: &buffer)
                state.kept.append(buffer)
                state.kept.finish()
            case .failure(let failure):
                state.writer.write(failure: failure, to: &buffer)
                state.kept.abandon()
            }
            return buffer
        }
    }

    /// `data: ` and the empty line, with some room.
    private static var framingBytes: Int { 16 }
}
