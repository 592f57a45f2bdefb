import CLinux
import Glibc
import PluginRuntime
import Synchronization

/// What a worker writes to its host, from any thread and in order.
///
/// A frame costs a system call only when nobody can wait for it: what comes in quick succession goes out together.
final class WorkerOutbox: Sendable {
    enum Urgency {
        /// Somebody waits for it.
        case now
        /// At once when the last one is a while ago, else with what follows soon.
        case soon
        /// With what follows soon: more is on its way.
        case later
    }

    private struct State {
        var buffer: [UInt8] = []
        var flushedAt: UInt64 = 0
        var whenWaiting: (@Sendable () -> Void)?
    }

    /// More than this never waits.
    private static let maxWaitingBytes = 4096
    private static let quietNanoseconds: UInt64 = 250_000
    /// Larger payloads are not copied.
    private static let maxCopiedBytes = 8192

    private let socket: Int32
    private let state = Mutex(State())
    private let isFilled = Atomic(false)

    init(socket: Int32) { self.socket = socket }

    /// Whether something waits to be sent.
    var isWaiting: Bool { isFilled.load(ordering: .sequentiallyConsistent) }

    /// Names who sees to it that what waits is flushed soon.
    func onWaiting(_ body: @escaping @Sendable () -> Void) { state.withLock { $0.whenWaiting = body } }

    /// Sends a message: `head`, then `body`, in as many frames as they need.
    func post(
        _ kind: FrameKind,
        flags: FrameFlags = [],
        number: UInt32 = 0,
        head: [UInt8] = [],
        body: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0),
        descriptor: Int32 = -1,
        urgency: Urgency = .now
    ) {
        let whenWaiting = state.withLock { state -> (@Sendable () -> Void)? in
            var rest = body
            var isFirst = true
            repeat {
                let room = Wire.maxPayloadBytes - (isFirst ? head.count : 0)
                let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(room))
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(room))
                let pieceFlags = rest.isEmpty ? flags : flags.union(.more)
                state.buffer.appendFrameHeader(kind, pieceFlags, number, (isFirst ? head.count : 0) + piece.count)
                if isFirst { state.buffer += head }
                isFirst = false
                if piece.count > Self.maxCopiedBytes || descriptor >= 0 {
                    write(&state, piece, descriptor)
                } else {
                    state.buffer.append(contentsOf: piece)
                }
            } while !rest.isEmpty
            return settle(&state, urgency) ? nil : state.whenWaiting
        }
        whenWaiting?()
    }

    func flush() {
        guard isWaiting else { return }
        state.withLock { state in
            if !state.buffer.isEmpty { write(&state, UnsafeRawBufferPointer(start: nil, count: 0), -1) }
        }
    }

    /// Returns whether nothing waits any more.
    private func settle(_ state: inout State, _ urgency: Urgency) -> Bool {
        guard !state.buffer.isEmpty else { return true }
        let isDue =
            switch urgency {
            case .now: true
            case .soon: MonotonicClock.now() &- state.flushedAt > Self.quietNanoseconds
            case .later: false
            }
        guard !isDue, state.buffer.count < Self.maxWaitingBytes else {
            write(&state, UnsafeRawBufferPointer(start: nil, count: 0), -1)
            return true
        }
        isFilled.store(true, ordering: .sequentiallyConsistent)
        return false
    }

    /// Writes what waits and then `piece`; ends the process when there is no host any more.
    private func write(_ state: inout State, _ piece: UnsafeRawBufferPointer, _ descriptor: Int32) {
        var sent = 0
        let total = state.buffer.count + piece.count
        state.buffer.withUnsafeMutableBytes { buffer in
            while sent < total {
                let first = min(sent, buffer.count)
                let second = sent - first
                let parts = [
                    iovec(iov_base: buffer.baseAddress.map { $0 + first }, iov_len: buffer.count - first),
                    iovec(
                        iov_base: UnsafeMutableRawPointer(mutating: piece.baseAddress).map { $0 + second },
                        iov_len: piece.count - second
                    ),
                ]
                let count = prax_send(socket, parts, 2, sent == 0 ? descriptor : -1, 1)
                guard count > 0 else { _exit(1) }
                sent += count
            }
        }
        state.buffer.removeAll(keepingCapacity: true)
        isFilled.store(false, ordering: .sequentiallyConsistent)
        state.flushedAt = MonotonicClock.now()
    }
}

extension [UInt8] {
    mutating func appendFrameHeader(_ kind: FrameKind, _ flags: FrameFlags, _ number: UInt32, _ payloadBytes: Int) {
        Swift.withUnsafeBytes(of: UInt32(payloadBytes).littleEndian) { append(contentsOf: $0) }
        append(kind.rawValue)
        append(flags.rawValue)
        append(0)
        append(0)
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }
}
