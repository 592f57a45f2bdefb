import NIOCore
import NIOHTTPTypes
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
        fileprivate let channel: any Channel
        fileprivate let sign: ByteBuffer
        fileprivate let writtenAt: Atomic<UInt64>

        fileprivate init(_ channel: any Channel, _ sign: ByteBuffer) {
            self.channel = channel
            self.sign = sign
            writtenAt = Atomic(MonotonicClock.now())
        }

        /// Something is being written.
        func note() { writtenAt.store(MonotonicClock.now(), ordering: .relaxed) }
    }

    let interval: Duration
    private let streams = Mutex<[ObjectIdentifier: Stream]>([:])

    init(every interval: Duration) { self.interval = interval }

    func begin(_ sign: ByteBuffer, on channel: any Channel) -> Stream {
        let stream = Stream(channel, sign)
        streams.withLock { $0[ObjectIdentifier(stream)] = stream }
        return stream
    }

    /// Whatever the channel is given after this has returned comes after the last sign.
    func end(_ stream: Stream) { streams.withLock { $0[ObjectIdentifier(stream)] = nil } }

    /// Called every second.
    func beat(now: UInt64) {
        let interval = interval.nanoseconds
        streams.withLock { streams in
            for stream in streams.values {
                let writtenAt = stream.writtenAt.load(ordering: .relaxed)
                guard now > writtenAt, now - writtenAt >= interval else { continue }
                stream.writtenAt.store(now, ordering: .relaxed)
                // A client that does not read is told nothing by more to read. Within the lock: see `end`.
                if stream.channel.isWritable {
                    stream.channel.writeAndFlush(HTTPResponsePart.body(stream.sign), promise: nil)
                }
            }
        }
    }
}
