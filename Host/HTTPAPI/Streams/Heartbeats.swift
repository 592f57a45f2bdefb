import NIOCore
import PluginRuntime
import Synchronization

/// Writes something that means nothing into streamed answers while nothing else is written, so that no proxy takes
/// their connections for dead.
///
/// What is written otherwise are whole events, so nothing of this comes between the halves of one. One look for all
/// streams costs less than a timer for each, nearly all of which never fall silent.
final class Heartbeats: Sendable {
    /// One streamed answer whose head is on its way.
    final class Stream: Sendable {
        fileprivate let body: AnswerStream
        fileprivate let sign: ByteBuffer
        fileprivate let writtenAt: Atomic<UInt64>

        fileprivate init(_ body: AnswerStream, _ sign: ByteBuffer) {
            self.body = body
            self.sign = sign
            writtenAt = Atomic(MonotonicClock.now())
        }

        /// Something is being written.
        func note() { writtenAt.store(MonotonicClock.now(), ordering: .relaxed) }
    }

    let interval: Duration
    private let streams = Mutex<[ObjectIdentifier: Stream]>([:])

    init(every interval: Duration) { self.interval = interval }

    func begin(_ sign: ByteBuffer, on body: AnswerStream) -> Stream {
        let stream = Stream(body, sign)
        streams.withLock { $0[ObjectIdentifier(stream)] = stream }
        return stream
    }

    /// Whatever the stream is given after this has returned comes after the last sign.
    func end(_ stream: Stream) { streams.withLock { $0[ObjectIdentifier(stream)] = nil } }

    /// Called every second.
    func beat(now: UInt64) {
        let interval = interval.nanoseconds
        streams.withLock { streams in
            for stream in streams.values {
                let writtenAt = stream.writtenAt.load(ordering: .relaxed)
                guard now > writtenAt, now - writtenAt >= interval else { continue }
                stream.writtenAt.store(now, ordering: .relaxed)
                // Within the lock: see `end`.
                stream.body.beat(stream.sign)
            }
        }
    }
}
