import CLinux
import Glibc
import Synchronization

/// What the host writes to one worker, from any thread, in order and without ever waiting: a worker that does not read
/// must hold nobody up.
final class HostOutput: Sendable {
    /// One frame, or several that go together.
    private struct Piece {
        var bytes: [UInt8]
        /// What follows, not copied.
        var rest: [UInt8] = []
        var sent = 0
        /// Goes along with the first byte; closed when it has gone.
        var descriptor: Int32 = -1

        var count: Int { bytes.count + rest.count }
        var isSmall: Bool { descriptor < 0 && sent == 0 && count <= HostOutput.maxMergedBytes }

        /// Adds a piece that goes in the same system call.
        mutating func take(along other: Piece) {
            bytes += rest
            bytes += other.bytes
            rest = other.rest
        }
    }

    private struct State {
        var waiting: [Piece] = []
        /// The first of `waiting` that has not gone.
        var head = 0
        var waitingBytes = 0
        /// Whether somebody writes, or waits to go on; whoever comes meanwhile leaves his piece in `waiting`.
        var isWriting = false
        var isClosed = false
        var whenWaiting: [(bytes: Int, body: @Sendable () -> Void)] = []

        /// Takes the first piece, with those that can go in the same system call; without any, nobody writes any more.
        mutating func next() -> Piece? {
            guard head < waiting.count else {
                isWriting = false
                return nil
            }
            var first = take()
            while first.isSmall, head < waiting.count, waiting[head].isSmall { first.take(along: take()) }
            return first
        }

        private mutating func take() -> Piece {
            let piece = waiting[head]
            waiting[head] = Piece(bytes: [])
            head += 1
            if head == waiting.count {
                waiting.removeAll(keepingCapacity: true)
                head = 0
            } else if head >= 1024, head * 2 >= waiting.count {
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

    private enum PushError: Error {
        case isFull, isGone
    }

    private static let maxMergedBytes = 16 << 10
    /// Larger bodies are not copied.
    private static let maxCopiedBytes = 4096
    /// More than this is not kept for a worker that does not read.
    private static let maxWaitingBytes = 64 << 20

    private let process: WorkerProcess
    private let state = Mutex(State())
    private let writable: DescriptorWatch

    init(to process: WorkerProcess, writable: DescriptorWatch) {
        self.process = process
        self.writable = writable
    }

    /// Whether the worker is gone, as far as writing to it shows.
    var isClosed: Bool { state.withLock { $0.isClosed } }

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
        let copiedBytes = body.count <= Self.maxCopiedBytes ? body.count : 0
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Wire.headerBytes + head.count + copiedBytes)
        bytes.appendFrameHeader(kind, flags, number, head.count + body.count)
        bytes += head
        if copiedBytes > 0 { bytes += body }
        return enqueue([], Piece(bytes: bytes, rest: copiedBytes > 0 ? [] : body, descriptor: descriptor))
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
            pieces.append(Piece(bytes: bytes, rest: Array(part)))
        }
        let last = pieces.removeLast()
        return enqueue(pieces, last)
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

    /// Sends what came before and then `last`.
    private func enqueue(_ pieces: [Piece], _ last: Piece) -> Bool {
        let bytes = pieces.reduce(last.count) { $0 + $1.count }
        let (isKept, first) = state.withLock { state -> (Bool, Piece?) in
            guard !state.isClosed, state.waitingBytes + bytes <= Self.maxWaitingBytes else { return (false, nil) }
            state.waitingBytes += bytes
            // Whoever is writing takes it along; without one, it goes out at once and is never in the list.
            let isAlone = pieces.isEmpty && !state.isWriting
            if !isAlone {
                state.waiting += pieces
                state.waiting.append(last)
            }
            defer { state.isWriting = true }
            return (true, isAlone ? last : state.isWriting ? nil : state.next())
        }
        if let first { write(first) }
        if !isKept { drop(last) }
        return isKept
    }

    /// Writes a piece and what waits behind it; only one thread at a time is in here.
    private func write(_ first: Piece) {
        var next: Piece? = first
        while var piece = next {
            let count: Int
            switch push(piece) {
            case .success(let sent): count = sent
            case .failure(.isFull): return wait(toSend: piece)
            case .failure(.isGone):
                close()
                // Also of a worker that only listens no more: nobody may wait for it.
                process.hangUp()
                return drop(piece)
            }
            if piece.descriptor >= 0 { Glibc.close(piece.descriptor) }
            piece.descriptor = -1
            piece.sent += count
            let due = state.withLock { state in
                guard !state.isClosed else {
                    next = nil
                    return [@Sendable () -> Void]()
                }
                state.waitingBytes -= count
                next = piece.sent < piece.count ? piece : state.next()
                return state.due()
            }
            for body in due { body() }
        }
    }

    /// How many bytes have gone.
    private func push(_ piece: Piece) -> Result<Int, PushError> {
        piece.bytes.withUnsafeBytes { bytes in
            piece.rest.withUnsafeBytes { rest in
                withUnsafeTemporaryAllocation(of: iovec.self, capacity: 2) { parts in
                    let first = min(piece.sent, bytes.count)
                    parts.initializeElement(at: 0, to: Self.part(bytes, from: first))
                    parts.initializeElement(at: 1, to: Self.part(rest, from: piece.sent - first))
                    let sent = prax_send(process.socket, parts.baseAddress, rest.isEmpty ? 1 : 2, piece.descriptor, 0)
                    return sent > 0 ? .success(sent) : .failure(errno == EAGAIN ? .isFull : .isGone)
                }
            }
        }
    }

    private static func part(_ bytes: UnsafeRawBufferPointer, from start: Int) -> iovec {
        iovec(
            iov_base: UnsafeMutableRawPointer(mutating: bytes.baseAddress).map { $0 + start },
            iov_len: bytes.count - start
        )
    }

    /// The socket is full: the rest goes back to the front until there is room.
    private func wait(toSend piece: Piece) {
        let isClosed = state.withLock { state in
            if !state.isClosed { state.putBack(piece) }
            return state.isClosed
        }
        if isClosed { return drop(piece) }
        writable.wait(for: process.socket) { [self] in
            if let next = state.withLock({ $0.isClosed ? nil : $0.next() }) { write(next) }
        }
    }

    private func drop(_ piece: Piece) {
        if piece.descriptor >= 0 { Glibc.close(piece.descriptor) }
    }
}
