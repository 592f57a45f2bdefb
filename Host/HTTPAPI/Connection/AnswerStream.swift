import NIOCore
import Synchronization

/// The body of a streamed answer on its way to the connection.
///
/// What is written while the event loop is busy goes out together: many small events cost one system call.
final class AnswerStream: Sendable {
    /// On the event loop: writes what is there.
    ///
    /// Whether the connection takes more for now; nil when it is gone.
    typealias Outlet = @Sendable (ByteBuffer) -> Bool?

    fileprivate struct State {
        var pending = ByteBuffer()
        var isDrainDue = false
        var isFull = false
        var isGone = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    /// What may wait for the event loop.
    fileprivate static let maxPendingBytes = 64 << 10

    private let loop: any EventLoop
    private let outlet: Outlet
    private let state = Mutex(State())

    init(loop: any EventLoop, outlet: @escaping Outlet) {
        self.loop = loop
        self.outlet = outlet
    }

    /// Hands bytes over; returns when there is room for more.
    ///
    /// Throws ``ClientGone`` once the connection is gone. One writer at a time.
    func write(_ bytes: ByteBuffer) async throws(ClientGone) {
        let (mustDrain, mustWait) = try append(bytes)
        if mustDrain { loop.execute { [self] in drain() } }
        guard mustWait else { return }
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                if state.isGone || !state.isOverfull { return true }
                state.waiter = continuation
                return false
            }
            if isFree { continuation.resume() }
        }
        if state.withLock({ $0.isGone }) { throw ClientGone() }
    }

    /// Something that means nothing, unless more is on its way: a client that does not read is told nothing by more to
    /// read.
    func beat(_ sign: ByteBuffer) {
        let mustDrain = state.withLock { state in
            guard !state.isGone, !state.isFull, state.pending.readableBytes == 0 else { return false }
            state.pending.writeImmutableBuffer(sign)
            return state.scheduleDrain()
        }
        if mustDrain { loop.execute { [self] in drain() } }
    }

    private func append(_ bytes: ByteBuffer) throws(ClientGone) -> (mustDrain: Bool, mustWait: Bool) {
        let step = state.withLock { state -> (Bool, Bool)? in
            if state.isGone { return nil }
            state.append(bytes)
            return (state.scheduleDrain(), state.isOverfull)
        }
        guard let step else { throw ClientGone() }
        return step
    }

    /// On the event loop: what waits goes to the connection.
    func drain() {
        let bytes = state.withLock { state in
            defer { state.pending = ByteBuffer() }
            state.isDrainDue = false
            return state.pending
        }
        guard bytes.readableBytes > 0 else { return }
        if let isWritable = outlet(bytes) { becomes(writable: isWritable) } else { leave() }
    }

    /// On the event loop: whether the connection takes more.
    func becomes(writable isWritable: Bool) {
        let waiter = state.withLock { state in
            state.isFull = !isWritable
            return state.isOverfull ? nil : state.waiter.take()
        }
        waiter?.resume()
    }

    /// The connection is gone.
    func leave() {
        let waiter = state.withLock { state in
            state.isGone = true
            state.pending = ByteBuffer()
            return state.waiter.take()
        }
        waiter?.resume()
    }
}

extension AnswerStream.State {
    fileprivate var isOverfull: Bool { isFull || pending.readableBytes > AnswerStream.maxPendingBytes }

    fileprivate mutating func append(_ bytes: ByteBuffer) {
        if pending.readableBytes == 0 { pending = bytes } else { pending.writeImmutableBuffer(bytes) }
    }

    /// Whether the caller has to see to a drain.
    fileprivate mutating func scheduleDrain() -> Bool {
        defer { isDrainDue = true }
        return !isDrainDue
    }
}

/// Nobody reads the answer any more.
struct ClientGone: Error {}
