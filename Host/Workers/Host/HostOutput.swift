import CLinux
import Glibc
import Synchronization

/// What the host writes to one worker, from any thread, in order and without ever waiting: a worker that does not read
/// must hold nobody up.
final class HostOutput: Sendable {
    private struct Piece {
        var bytes: [UInt8]
        var sent = 0
        /// Goes along with the first byte; closed when it has gone.
        var descriptor: Int32 = -1
    }

    private struct State {
        var waiting: [Piece] = []
        /// The first of `waiting` that has not gone.
        var head = 0
        var waitingBytes = 0
        var isWriting = false
        var isClosed = false
        var whenWaiting: [(bytes: Int, body: @Sendable () -> Void)] = []

        /// Takes the first piece, with those that can go in the same system call.
        mutating func next() -> Piece? {
            guard head < waiting.count else { return nil }
            var first = take()
            guard first.descriptor < 0, first.sent == 0 else { return first }
            while head < waiting.count, waiting[head].descriptor < 0,
                first.bytes.count + waiting[head].bytes.count <= HostOutput.maxMergedBytes
            { first.bytes += take().bytes }
            return first
        }

        private mutating func take() -> Piece {
            let piece = waiting[head]
            waiting[head].bytes = []
            head += 1
            if head == waiting.count {
                waiting.removeAll(keepingCapacity: true)
                head = 0
            } else if head >= 1024 {
                waiting.removeFirst(head)
                head = 0
            }
            return piece
        }

        /// What has waited for so little to be left.
        mutating func due() -> [@Sendable () -> Void] {
            guard !whenWaiting.isEmpty else { return [] }
            let due = whenWaiting.filter { $0.bytes >= waitingBytes }.map(\.body)
            whenWaiting.removeAll { $0.bytes >= waitingBytes }
            return due
        }

        /// Puts the rest of a piece back to the front.
        mutating func putBack(_ piece: Piece) {
            if head > 0 {
                head -= 1
                waiting[head] = piece
            } else {
                waiting.insert(piece, at: 0)
            }
        }
    }

    private static let maxMergedBytes = 64 << 10

    /// More than this is not kept for a worker that does not read.
    private static let maxWaitingBytes = 64 << 20

    private let process: WorkerProcess
    private let state = Mutex(State())
    private let writable: WritableWatch

    init(to process: WorkerProcess, writable: WritableWatch) {
        self.process = process
        self.writable = writable
    }

    /// How much waits for the worker to read.
    var waitingBytes: Int { state.withLock { $0.waitingBytes } }

    /// Sends one frame; takes the descriptor over.
    ///
    /// False when the worker is gone or does not read.
    @discardableResult
    func send(
        _ kind: FrameKind,
        flags: FrameFlags = [],
        number: UInt32 = 0,
        head: [UInt8] = [],
        body: [UInt8] = [],
        descriptor: Int32 = -1
    ) -> Bool {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Wire.headerBytes + head.count + body.count)
        bytes.appendFrameHeader(kind, flags, number, head.count + body.count)
        bytes += head
        bytes += body
        return enqueue([Piece(bytes: bytes, descriptor: descriptor)])
    }

    /// Sends a message of any size, in as many frames as it needs.
    @discardableResult
    func sendMessage(_ kind: FrameKind, number: UInt32, _ message: [UInt8]) -> Bool {
        guard message.count > Wire.maxPayloadBytes else { return send(kind, number: number, body: message) }
        var pieces: [Piece] = []
        var rest = message[...]
        while !rest.isEmpty {
            let part = rest.prefix(Wire.maxPayloadBytes)
            rest = rest.dropFirst(part.count)
            var bytes: [UInt8] = []
            bytes.appendFrameHeader(kind, rest.isEmpty ? [] : .more, number, part.count)
            pieces.append(Piece(bytes: bytes + part))
        }
        return enqueue(pieces)
    }

    /// Runs `body` once, when no more than this waits for the worker or the worker is gone; at once when that is so.
    func whenWaiting(atMost bytes: Int, _ body: @escaping @Sendable () -> Void) {
        let isNow = state.withLock { state in
            if state.isClosed || state.waitingBytes <= bytes { return true }
            state.whenWaiting.append((bytes, body))
            return false
        }
        if isNow { body() }
    }

    func close() {
        let (dropped, due) = state.withLock { state in
            state.isClosed = true
            state.waitingBytes = 0
            defer {
                state.waiting = []
                state.head = 0
            }
            return (state.waiting[state.head...], state.due())
        }
        for piece in dropped where piece.descriptor >= 0 { Glibc.close(piece.descriptor) }
        for body in due { body() }
    }

    private func enqueue(_ pieces: [Piece]) -> Bool {
        let bytes = pieces.reduce(0) { $0 + $1.bytes.count }
        let (isKept, mustWrite) = state.withLock { state -> (Bool, Bool) in
            guard !state.isClosed, state.waitingBytes + bytes <= Self.maxWaitingBytes else { return (false, false) }
            state.waiting += pieces
            state.waitingBytes += bytes
            // Whoever is writing takes this along.
            defer { state.isWriting = true }
            return (true, !state.isWriting)
        }
        guard isKept else {
            for piece in pieces where piece.descriptor >= 0 { Glibc.close(piece.descriptor) }
            return false
        }
        if mustWrite { write() }
        return true
    }

    /// Writes what waits; only one thread at a time is in here.
    private func write() {
        while true {
            let next = state.withLock { state -> Piece? in
                let next = state.isClosed ? nil : state.next()
                if next == nil { state.isWriting = false }
                return next
            }
            guard var piece = next else { return }
            guard push(&piece) else {
                // Full or gone: the rest goes back to the front.
                let isClosed = state.withLock { state in
                    if !state.isClosed { state.putBack(piece) }
                    return state.isClosed
                }
                if isClosed { return drop(&piece) }
                return writable.wait(for: process.socket) { [self] in write() }
            }
        }
    }

    /// Returns whether all of it has gone.
    private func push(_ piece: inout Piece) -> Bool {
        while piece.sent < piece.bytes.count {
            let (sent, descriptor) = (piece.sent, piece.descriptor)
            let count = piece.bytes.withUnsafeMutableBytes { bytes in
                let part = [iovec(iov_base: bytes.baseAddress.map { $0 + sent }, iov_len: bytes.count - sent)]
                return prax_send(process.socket, part, 1, descriptor, 0)
            }
            guard count > 0 else {
                guard errno != EAGAIN else { return false }
                drop(&piece)
                close()
                return true
            }
            let due = state.withLock { state in
                state.waitingBytes -= count
                return state.due()
            }
            for body in due { body() }
            if descriptor >= 0 { Glibc.close(descriptor) }
            piece.descriptor = -1
            piece.sent += count
        }
        return true
    }

    private func drop(_ piece: inout Piece) {
        if piece.descriptor >= 0 { Glibc.close(piece.descriptor) }
        piece.descriptor = -1
    }
}
