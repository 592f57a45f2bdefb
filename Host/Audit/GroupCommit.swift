/// Decides when queued events are committed, who waits, and what a failure means.
///
/// No clock, no disk, no thread.
///
/// Callers put events in with `offer` and `wait`; the writer asks `next` for its next step and reports the outcome.
/// Times are nanoseconds of any steady clock.
struct GroupCommit<Event, Waiter> {
    enum Mode { case strict, group }

    enum Admission: Equatable {
        case accepted(wakeWriter: Bool)
        /// The caller must come back through `wait`: it hears once its event is stored or taken.
        case mustWait
        case refused(AuditError)
    }

    enum Step {
        case write([Item])
        case sync
        case sleep(until: UInt64?)
        case stop(AuditError?)
    }

    /// An event, or with none a barrier: someone who waits for all events before it.
    struct Item {
        let event: Event?
        let waiter: Waiter?
    }

    /// Someone to wake, and what to tell.
    struct Answer {
        let waiter: Waiter
        let error: AuditError?
    }

    let mode: Mode
    let limits: AuditLimits

    private var queue: [Item] = []
    private var blocked: [Item] = []
    private var commitAt: UInt64?
    private var syncAt: UInt64?
    private var retryAt: UInt64?
    private var writeFailure: String?
    private var syncFailure: String?
    private var barriers = 0
    private var isClosing = false
    private var isWriterAsleep = false
    private var end: End?

    private struct End {
        let error: AuditError?
    }

    init(mode: Mode, limits: AuditLimits) {
        self.mode = mode
        self.limits = limits
    }

    /// What the disk said last, if it was not well.
    var failure: String? { writeFailure ?? syncFailure }
    var queuedCount: Int { queue.count + blocked.count }

    /// Takes an event that nobody waits for; `group` only.
    mutating func offer(_ event: Event, now: UInt64) -> Admission {
        if let refusal { return .refused(refusal) }
        guard mode == .group, queue.count < limits.queuedEvents else { return .mustWait }
        return .accepted(wakeWriter: append(Item(event: event, waiter: nil), now: now))
    }

    /// Takes an event whose caller waits, or is refused at once.
    mutating func wait(_ event: Event, _ waiter: Waiter, now: UInt64) -> Admission {
        if let refusal { return .refused(refusal) }
        guard queue.count < limits.queuedEvents else {
            blocked.append(Item(event: event, waiter: waiter))
            return .accepted(wakeWriter: false)
        }
        return .accepted(wakeWriter: append(Item(event: event, waiter: waiter), now: now))
    }

    /// Someone waits until all events taken so far are committed.
    mutating func flush(_ waiter: Waiter, now: UInt64) -> Admission {
        if let refusal { return .refused(refusal) }
        barriers += 1
        let item = Item(event: nil, waiter: waiter)
        guard blocked.isEmpty else {
            blocked.append(item)
            return .accepted(wakeWriter: wakeWriter())
        }
        let wakes = append(item, now: now)
        return .accepted(wakeWriter: wakeWriter() || wakes)
    }

    /// From now on nothing is taken; the writer commits what is queued, syncs and stops.
    mutating func close() -> Bool {
        isClosing = true
        return wakeWriter()
    }

    private var refusal: AuditError? {
        if isClosing { return .closed }
        guard mode == .group, let failure else { return nil }
        return .unhealthy(reason: failure)
    }

    private mutating func append(_ item: Item, now: UInt64) -> Bool {
        queue.append(item)
        if commitAt == nil { commitAt = mode == .strict ? now : now &+ limits.commitDelayNanoseconds }
        guard queue.count == 1 || queue.count == limits.batchEvents else { return false }
        return wakeWriter()
    }

    private mutating func wakeWriter() -> Bool {
        defer { isWriterAsleep = false }
        return isWriterAsleep
    }
}

extension GroupCommit {
    /// What the writer does next.
    ///
    /// A batch that it is given leaves the queue; `committed` or `failed` must follow.
    mutating func next(now: UInt64) -> Step {
        isWriterAsleep = false
        if let end { return .stop(end.error) }
        if let retryAt, now < retryAt, !isClosing { return sleep(until: retryAt) }
        if isCommitDue(now: now) { return .write(takeBatch()) }
        if let syncAt, now >= syncAt || isClosing { return .sync }
        guard isClosing else { return sleep(until: earlier(commitAt, syncAt)) }
        end = End(error: nil)
        return .stop(nil)
    }

    private func isCommitDue(now: UInt64) -> Bool {
        guard let commitAt else { return false }
        return now >= commitAt || barriers > 0 || isClosing || queue.count >= limits.batchEvents
    }

    private mutating func takeBatch() -> [Item] {
        var batch: [Item] = []
        if queue.count <= limits.batchEvents {
            swap(&batch, &queue)
            commitAt = nil
        } else {
            batch = Array(queue.prefix(limits.batchEvents))
            queue.removeFirst(batch.count)
        }
        return batch
    }

    private mutating func sleep(until time: UInt64?) -> Step {
        isWriterAsleep = true
        return .sleep(until: time)
    }

    private func earlier(_ first: UInt64?, _ second: UInt64?) -> UInt64? {
        guard let first, let second else { return first ?? second }
        return min(first, second)
    }
}

extension GroupCommit {
    /// The batch is committed, but for the refused events, by their place in it.
    ///
    /// Answers whom to wake.
    mutating func committed(_ batch: [Item], refused: [Int: AuditError], now: UInt64) -> [Answer] {
        writeFailure = nil
        retryAt = nil
        if mode == .group, syncAt == nil { syncAt = now &+ limits.syncDelayNanoseconds }
        var answers: [Answer] = []
        for (index, item) in batch.enumerated() {
            if item.event == nil { barriers -= 1 }
            guard let waiter = item.waiter else { continue }
            answers.append(Answer(waiter: waiter, error: refused[index]))
        }
        if !blocked.isEmpty { answers += admitBlocked(now: now) }
        return answers
    }

    /// Lets those who waited for room in; in `group` they need not wait for the commit as well.
    private mutating func admitBlocked(now: UInt64) -> [Answer] {
        let room = max(0, limits.queuedEvents - queue.count)
        let admitted = Array(blocked.prefix(room))
        blocked.removeFirst(admitted.count)
        var answers: [Answer] = []
        for item in admitted {
            guard mode == .group, let event = item.event, let waiter = item.waiter else {
                _ = append(item, now: now)
                continue
            }
            _ = append(Item(event: event, waiter: nil), now: now)
            answers.append(Answer(waiter: waiter, error: nil))
        }
        return answers
    }

    /// The batch is not on disk.
    ///
    /// Events that someone waits for are theirs to answer for; the others are kept and tried again, and until that
    /// succeeds nothing new is taken. A log that is closing gives up.
    mutating func failed(_ batch: [Item], reason: String, now: UInt64) -> [Answer] {
        writeFailure = reason
        let hopeless = blocked + (isClosing ? queue : [])
        let answers = (batch + hopeless).compactMap { item in
            item.waiter.map { Answer(waiter: $0, error: AuditError.writeFailed(reason: reason)) }
        }
        blocked = []
        queue = batch.filter { $0.waiter == nil } + queue
        if isClosing {
            let lost = queue.count { $0.event != nil && $0.waiter == nil }
            end = End(error: lost > 0 ? .lost(events: lost, reason: reason) : .writeFailed(reason: reason))
            queue = []
        }
        barriers = queue.count { $0.event == nil }
        commitAt = queue.isEmpty ? nil : now
        retryAt = queue.isEmpty || mode == .strict ? nil : now &+ limits.retryDelayNanoseconds
        return answers
    }

    mutating func synced() {
        syncAt = nil
        syncFailure = nil
    }

    /// What was committed may not survive a power cut, so nothing new is taken until a sync succeeds.
    mutating func syncFailed(reason: String, now: UInt64) {
        syncFailure = reason
        syncAt = now &+ limits.retryDelayNanoseconds
        if isClosing { end = End(error: .writeFailed(reason: reason)) }
    }
}
