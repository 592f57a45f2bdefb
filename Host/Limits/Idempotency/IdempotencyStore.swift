import CSodium
package import Core
import Synchronization

/// Repeated requests under one `Idempotency-Key`: the first runs, and the others get its answer.
///
/// Keys belong to the principal that sent them. A request that comes while the first one runs waits for it, or is told
/// `idempotency_in_progress`; one with another body is refused with `idempotency_key_reused`.
///
/// In memory: answers hold what people asked and were told, which this store shall not write to a disk, and a call
/// under way does not outlive its host in any case. After a restart every key is free, and so is one whose first
/// request came to no answer.
package final class IdempotencyStore: Sendable {
    package static let maxKeyBytes = 255

    private let shelves: Mutex<IdempotencyShelves>
    private let clock: LimitClock

    package init(limits: IdempotencyLimits = IdempotencyLimits(), clock: LimitClock = .system) {
        shelves = Mutex(IdempotencyShelves(limits))
        self.clock = clock
    }

    /// What a request must do.
    package enum Turn: Sendable {
        /// Run, and then ``IdempotencyTicket/finish(_:)`` with the answer.
        case run(IdempotencyTicket)
        case replay(IdempotentAnswer)
    }

    /// Decides what becomes of a request with this key; `principal` is whom keys belong to, such as a key's id.
    ///
    /// Throws `invalid_idempotency_key`, `idempotency_key_reused` (`unprocessable`), `idempotency_in_progress`
    /// (`conflict`; only when it does not wait), `idempotency_answer_not_kept` (`conflict`), `idempotency_store_full`
    /// (`busy`), `cancelled`.
    package func begin(
        _ key: String,
        principal: String,
        body: [UInt8],
        waits: Bool
    ) async throws(Failure) -> Turn {
        let (place, digest) = try Self.place(key, principal, body)
        while true {
            switch try look(at: place, digest: digest) {
            case .turn(let turn): return turn
            case .underWay(let run):
                guard waits else { throw .inProgress }
                switch await wait(at: place, run: run) {
                case .answer(let answer): return .replay(answer)
                case .again: continue
                case .cancelled: throw .leftWaiting
                }
            }
        }
    }

    /// The same for a request that does not wait for an equal one.
    package func beginAtOnce(_ key: String, principal: String, body: [UInt8]) throws(Failure) -> Turn {
        let (place, digest) = try Self.place(key, principal, body)
        guard case .turn(let turn) = try look(at: place, digest: digest) else { throw .inProgress }
        return turn
    }

    private enum Finding {
        case turn(Turn)
        case underWay(run: UInt64)
    }

    private func look(at place: IdempotencyPlace, digest: [UInt8]) throws(Failure) -> Finding {
        let now = clock.steady()
        switch shelves.withLock({ $0.look(at: place, digest: digest, now: now) }) {
        case .free(let run): return .turn(.run(IdempotencyTicket(self, place, run: run)))
        case .answered(let answer): return .turn(.replay(answer))
        case .refused(let failure): throw failure
        case .running(let run): return .underWay(run: run)
        }
    }

    private static func place(
        _ key: String,
        _ principal: String,
        _ body: [UInt8]
    ) throws(Failure) -> (IdempotencyPlace, digest: [UInt8]) {
        guard (1...maxKeyBytes).contains(key.utf8.count) else { throw .invalidKey(bytes: key.utf8.count) }
        return (IdempotencyPlace(principal: principal, key: key), digest(body))
    }

    private func wait(at place: IdempotencyPlace, run: UInt64) async -> IdempotencyShelves.Call {
        let number = shelves.withLock { $0.nextWaiter() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isCancelled = Task.isCancelled
                let isWaiting = shelves.withLock { shelves in
                    !isCancelled && shelves.wait(at: place, run: run, number, continuation)
                }
                if !isWaiting { continuation.resume(returning: isCancelled ? .cancelled : .again) }
            }
        } onCancel: {
            shelves.withLock { $0.leave(place, number) }?.resume(returning: .cancelled)
        }
    }

    /// The first request's end: with an answer, or with none, and then the next one that waits runs.
    func end(_ place: IdempotencyPlace, run: UInt64, _ answer: IdempotentAnswer?) {
        let now = clock.steady()
        let waiters = shelves.withLock { $0.end(place, run: run, answer, now: now) }
        for waiter in waiters { waiter.resume(returning: answer.map(IdempotencyShelves.Call.answer) ?? .again) }
    }

    private static func digest(_ body: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
        crypto_hash_sha256(&digest, body, UInt64(body.count))
        return digest
    }
}

/// The right to run a request; one that nobody holds any more frees its key.
package final class IdempotencyTicket: Sendable {
    private let store: IdempotencyStore
    private let place: IdempotencyPlace
    private let run: UInt64
    private let isOver = Atomic(false)

    init(_ store: IdempotencyStore, _ place: IdempotencyPlace, run: UInt64) {
        self.store = store
        self.place = place
        self.run = run
    }

    deinit { abandon() }

    /// Gives the answer to all that wait, and to repeats from now on.
    package func finish(_ answer: IdempotentAnswer) { end(answer) }

    /// Frees the key, as for a failure that a repeat may not meet again.
    package func abandon() { end(nil) }

    private func end(_ answer: IdempotentAnswer?) {
        guard !isOver.exchange(true, ordering: .acquiringAndReleasing) else { return }
        store.end(place, run: run, answer)
    }
}
