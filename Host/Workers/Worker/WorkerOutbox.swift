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
        var isArmed = false
    }

    /// More than this never waits.
    private static let maxWaitingBytes = 4096
    private static let quietNanoseconds: UInt64 = 250_000
    /// How long something may wait at most, in microseconds.
    private static let delayMicroseconds: UInt32 = 400
    /// Larger payloads are not copied.
    private static let maxCopiedBytes = 8192

    private let socket: Int32
    private let state = Mutex(State())
    private let armed = Semaphore()

    init(socket: Int32) { self.socket = socket }

    /// Starts the thread that sends what nobody else does.
    func start() {
        DetachedThread.start(named: "prax-flush", stackBytes: WorkerThreads.smallStackBytes) { [self] in
            while true {
                armed.wait()
                usleep(Self.delayMicroseconds)
                flush()
            }
        }
    }

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
        state.withLock { state in
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
            settle(&state, urgency)
        }
    }

    func flush() {
        state.withLock { state in
            state.isArmed = false
            if !state.buffer.isEmpty { write(&state, UnsafeRawBufferPointer(start: nil, count: 0), -1) }
        }
    }

    private func settle(_ state: inout State, _ urgency: Urgency) {
        guard !state.buffer.isEmpty else { return }
        let isDue =
            switch urgency {
            case .now: true
            case .soon: MonotonicClock.now() &- state.flushedAt > Self.quietNanoseconds
            case .later: false
            }
        if isDue || state.buffer.count >= Self.maxWaitingBytes {
            return write(&state, UnsafeRawBufferPointer(start: nil, count: 0), -1)
        }
        guard !state.isArmed else { return }
        state.isArmed = true
        armed.signal()
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
