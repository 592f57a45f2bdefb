import Core

/// The entries of an ``IdempotencyStore``: a shelf for each principal, on which answers stand in the order they came.
///
/// Not a clock, not a lock. Times are nanoseconds of a steady clock.
struct IdempotencyShelves {
    typealias Waiter = CheckedContinuation<Call, Never>

    /// What one that waits hears.
    enum Call: Sendable {
        case answer(IdempotentAnswer)
        /// Look again: the one that ran came to no answer.
        case again
        case cancelled
    }

    enum Finding {
        case free(run: UInt64)
        case running(UInt64)
        case answered(IdempotentAnswer)
        case refused(Failure)
    }

    private enum Progress {
        case running(UInt64, waiters: [UInt64: Waiter])
        /// Nil: it was too large.
        case done(IdempotentAnswer?, expiry: UInt64)
    }

    private struct Entry {
        let digest: [UInt8]
        var progress: Progress
    }

    /// A class, so that a change copies nothing.
    private final class Shelf {
        var entries: [String: Entry] = [:]
        /// The keys of the answers, the oldest first; `head` counts those that are gone.
        var answered: [String] = []
        var head = 0
        var bytes = 0
    }

    private let limits: IdempotencyLimits
    private var shelves: [String: Shelf] = [:]
    private var count = 0
    private var bytes = 0
    private var lastNumber: UInt64 = 0

    init(_ limits: IdempotencyLimits) { self.limits = limits }

    mutating func nextWaiter() -> UInt64 {
        lastNumber += 1
        return lastNumber
    }

    /// Finds what there is at a place; a free one is taken.
    mutating func look(at place: IdempotencyPlace, digest: [UInt8], now: UInt64) -> Finding {
        removeExpired(from: place.principal, now: now)
        if let entry = shelves[place.principal]?.entries[place.key] {
            guard entry.digest == digest else { return .refused(.keyReused) }
            switch entry.progress {
            case .running(let run, _): return .running(run)
            case .done(let answer?, _): return .answered(answer)
            case .done(nil, _): return .refused(.answerNotKept)
            }
        }
        guard makeRoom(for: place.principal) else { return .refused(.storeFull) }
        let run = nextWaiter()
        let shelf = shelves[place.principal] ?? Shelf()
        shelf.entries[place.key] = Entry(digest: digest, progress: .running(run, waiters: [:]))
        shelves[place.principal] = shelf
        count += 1
        return .free(run: run)
    }

    /// False when that run is over.
    mutating func wait(at place: IdempotencyPlace, run: UInt64, _ number: UInt64, _ waiter: Waiter) -> Bool {
        guard case .running(run, var waiters)? = shelves[place.principal]?.entries[place.key]?.progress else {
            return false
        }
        waiters[number] = waiter
        shelves[place.principal]?.entries[place.key]?.progress = .running(run, waiters: waiters)
        return true
    }

    /// Takes one that waits away, if it still does.
    mutating func leave(_ place: IdempotencyPlace, _ number: UInt64) -> Waiter? {
        guard case .running(let run, var waiters)? = shelves[place.principal]?.entries[place.key]?.progress else {
            return nil
        }
        let waiter = waiters.removeValue(forKey: number)
        shelves[place.principal]?.entries[place.key]?.progress = .running(run, waiters: waiters)
        return waiter
    }

    /// Ends a run, and answers who waits for it.
    mutating func end(
        _ place: IdempotencyPlace,
        run: UInt64,
        _ answer: IdempotentAnswer?,
        now: UInt64
    ) -> [Waiter] {
        guard let shelf = shelves[place.principal], let entry = shelf.entries[place.key],
            case .running(run, let waiters) = entry.progress
        else { return [] }
        if let answer {
            let kept = answer.body.count <= limits.maxAnswerBytes ? answer : nil
            let expiry = now + limits.lifetime.nanoseconds
            shelf.entries[place.key] = Entry(digest: entry.digest, progress: .done(kept, expiry: expiry))
            shelf.answered.append(place.key)
            shelf.bytes += kept?.body.count ?? 0
            bytes += kept?.body.count ?? 0
        } else {
            shelf.entries[place.key] = nil
            count -= 1
        }
        dropIfEmpty(place.principal)
        _ = makeRoom(for: place.principal, entries: 0)
        return Array(waiters.values)
    }

    private mutating func removeExpired(from principal: String, now: UInt64) {
        while let shelf = shelves[principal], shelf.head < shelf.answered.count,
            case .done(_, let expiry)? = shelf.entries[shelf.answered[shelf.head]]?.progress, expiry <= now
        {
            removeOldest(of: principal)
        }
    }

    /// False when there is no room and no answer that could make any.
    private mutating func makeRoom(for principal: String, entries new: Int = 1) -> Bool {
        while let shelf = shelves[principal],
            shelf.entries.count + new > limits.maxEntriesPerPrincipal || shelf.bytes > limits.maxBytesPerPrincipal
        {
            guard removeOldest(of: principal) else { return false }
        }
        while count + new > limits.maxEntries || bytes > limits.maxBytes {
            let isCount = count + new > limits.maxEntries
            // Of several that have as much, another one: what has just been kept would be the first to go.
            let fullest = shelves.filter { $0.value.head < $0.value.answered.count }.max { first, second in
                let sizes = [first, second].map { isCount ? $0.value.entries.count : $0.value.bytes }
                return sizes[0] == sizes[1] ? first.key == principal : sizes[0] < sizes[1]
            }
            guard let fullest, removeOldest(of: fullest.key) else { return false }
        }
        return true
    }

    @discardableResult
    private mutating func removeOldest(of principal: String) -> Bool {
        guard let shelf = shelves[principal], shelf.head < shelf.answered.count else { return false }
        let key = shelf.answered[shelf.head]
        shelf.head += 1
        if shelf.head > 64, shelf.head * 2 > shelf.answered.count {
            shelf.answered.removeFirst(shelf.head)
            shelf.head = 0
        }
        if case .done(let answer, _)? = shelf.entries.removeValue(forKey: key)?.progress {
            let size = answer?.body.count ?? 0
            shelf.bytes -= size
            bytes -= size
        }
        count -= 1
        dropIfEmpty(principal)
        return true
    }

    private mutating func dropIfEmpty(_ principal: String) {
        if shelves[principal]?.entries.isEmpty == true { shelves[principal] = nil }
    }
}
