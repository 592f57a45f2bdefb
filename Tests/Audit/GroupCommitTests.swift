import Testing

@testable import Audit

private typealias Commit = GroupCommit<String, Int>

extension GroupCommit<String, Int>.Step {
    /// The step in one word, for literal comparison.
    fileprivate var text: String {
        switch self {
        case .write(let items): "write " + items.map { $0.event ?? "|" }.joined(separator: ",")
        case .sync: "sync"
        case .sleep(let time): "sleep \(time.map(String.init) ?? "forever")"
        case .stop(let error): "stop" + (error.map { " \($0)" } ?? "")
        }
    }

    fileprivate var batch: [GroupCommit<String, Int>.Item] {
        guard case .write(let items) = self else { return [] }
        return items
    }
}

private let limits = {
    var limits = AuditLimits()
    limits.queuedEvents = 4
    limits.batchEvents = 3
    limits.commitDelayNanoseconds = 5
    limits.syncDelayNanoseconds = 100
    limits.retryDelayNanoseconds = 25
    return limits
}()

@Suite struct GroupCommitTests {
    @Test("group: a commit begins 5 units after the first event, with all that came until then")
    func collects() {
        var commit = Commit(mode: .group, limits: limits)
        #expect(commit.next(now: 0).text == "sleep forever")
        #expect(commit.offer("a", now: 10) == .accepted(wakeWriter: true))
        #expect(commit.next(now: 10).text == "sleep 15")
        #expect(commit.offer("b", now: 14) == .accepted(wakeWriter: false))
        #expect(commit.next(now: 14).text == "sleep 15")
        #expect(commit.next(now: 15).text == "write a,b")
    }

    @Test("group: a full batch is committed before its time")
    func fullBatch() {
        var commit = Commit(mode: .group, limits: limits)
        for event in ["a", "b"] { _ = commit.offer(event, now: 10) }
        #expect(commit.next(now: 10).text == "sleep 15")
        #expect(commit.offer("c", now: 11) == .accepted(wakeWriter: true))
        _ = commit.offer("d", now: 11)
        #expect(commit.next(now: 11).text == "write a,b,c")
        #expect(commit.next(now: 12).text == "sleep 15")
        #expect(commit.next(now: 15).text == "write d")
    }

    @Test("group: commits are synced at the latest 100 units after the first that was not")
    func syncs() {
        var commit = Commit(mode: .group, limits: limits)
        _ = commit.offer("a", now: 0)
        let first = commit.next(now: 5).batch
        _ = commit.committed(first, refused: [:], now: 6)
        _ = commit.offer("b", now: 50)
        let second = commit.next(now: 55).batch
        _ = commit.committed(second, refused: [:], now: 56)
        #expect(commit.next(now: 57).text == "sleep 106")
        #expect(commit.next(now: 106).text == "sync")
        commit.synced()
        #expect(commit.next(now: 107).text == "sleep forever")
    }

    @Test("group: when the queue is full the caller waits, and is let in when a commit makes room")
    func backPressure() {
        var commit = Commit(mode: .group, limits: limits)
        for event in ["a", "b", "c", "d"] { _ = commit.offer(event, now: 0) }
        #expect(commit.offer("e", now: 0) == .mustWait)
        #expect(commit.wait("e", 7, now: 0) == .accepted(wakeWriter: false))
        #expect(commit.queuedCount == 5)
        let batch = commit.next(now: 1).batch
        let answers = commit.committed(batch, refused: [:], now: 2)
        #expect(answers.map(\.waiter) == [7])
        #expect(answers.map(\.error) == [nil])
        #expect(commit.next(now: 5).text == "write d,e")
    }

    @Test("group: a failed batch is kept, new events are refused, and a success ends that")
    func failsClosed() {
        var commit = Commit(mode: .group, limits: limits)
        _ = commit.offer("a", now: 0)
        let batch = commit.next(now: 5).batch
        #expect(commit.failed(batch, reason: "disk full", now: 6).isEmpty)
        #expect(commit.offer("b", now: 7) == .refused(.unhealthy(reason: "disk full")))
        #expect(commit.wait("b", 1, now: 7) == .refused(.unhealthy(reason: "disk full")))
        #expect(commit.next(now: 7).text == "sleep 31")
        let again = commit.next(now: 31)
        #expect(again.text == "write a")
        _ = commit.committed(again.batch, refused: [:], now: 32)
        #expect(commit.failure == nil)
        #expect(commit.offer("b", now: 33) == .accepted(wakeWriter: false))
    }

    @Test("group: a failed sync refuses new events until one succeeds")
    func failedSync() {
        var commit = Commit(mode: .group, limits: limits)
        _ = commit.offer("a", now: 0)
        _ = commit.committed(commit.next(now: 5).batch, refused: [:], now: 6)
        #expect(commit.next(now: 106).text == "sync")
        commit.syncFailed(reason: "input/output error", now: 107)
        #expect(commit.offer("b", now: 108) == .refused(.unhealthy(reason: "input/output error")))
        #expect(commit.next(now: 108).text == "sleep 132")
        #expect(commit.next(now: 132).text == "sync")
        commit.synced()
        #expect(commit.failure == nil)
    }

    @Test("strict: an event is committed at once, and those that come meanwhile share the next commit")
    func strict() {
        var commit = Commit(mode: .strict, limits: limits)
        #expect(commit.next(now: 0).text == "sleep forever")
        #expect(commit.offer("a", now: 1) == .mustWait)
        #expect(commit.wait("a", 1, now: 1) == .accepted(wakeWriter: true))
        let first = commit.next(now: 1)
        #expect(first.text == "write a")
        #expect(commit.wait("b", 2, now: 2) == .accepted(wakeWriter: false))
        #expect(commit.wait("c", 3, now: 2) == .accepted(wakeWriter: false))
        #expect(commit.committed(first.batch, refused: [:], now: 3).map(\.waiter) == [1])
        #expect(commit.next(now: 3).text == "write b,c")
    }

    @Test("strict: a failure is told to all of the batch, nothing is kept, and the next event is tried anew")
    func strictFailure() {
        var commit = Commit(mode: .strict, limits: limits)
        _ = commit.wait("a", 1, now: 1)
        _ = commit.wait("b", 2, now: 1)
        let answers = commit.failed(commit.next(now: 1).batch, reason: "disk full", now: 2)
        #expect(answers.map(\.waiter) == [1, 2])
        #expect(answers.map(\.error) == [.writeFailed(reason: "disk full"), .writeFailed(reason: "disk full")])
        #expect(commit.failure == "disk full")
        #expect(commit.wait("c", 3, now: 3) == .accepted(wakeWriter: false))
        #expect(commit.next(now: 3).text == "write c")
    }

    @Test("a refused event is told to its own caller only")
    func refusedOne() {
        var commit = Commit(mode: .strict, limits: limits)
        _ = commit.wait("a", 1, now: 1)
        _ = commit.wait("a", 2, now: 1)
        let error = AuditError.duplicateRequest(id: "a")
        let answers = commit.committed(commit.next(now: 1).batch, refused: [1: error], now: 2)
        #expect(answers.map(\.error) == [nil, error])
    }

    @Test("a flush commits at once and is answered after the events before it")
    func flushes() {
        var commit = Commit(mode: .group, limits: limits)
        _ = commit.next(now: 0)
        _ = commit.offer("a", now: 0)
        #expect(commit.next(now: 0).text == "sleep 5")
        #expect(commit.flush(9, now: 1) == .accepted(wakeWriter: true))
        let step = commit.next(now: 1)
        #expect(step.text == "write a,|")
        #expect(commit.committed(step.batch, refused: [:], now: 2).map(\.waiter) == [9])
        _ = commit.offer("b", now: 3)
        #expect(commit.next(now: 3).text == "sleep 8")
    }

    @Test("a flush wakes a writer that has nothing to do", arguments: [0, 1])
    func flushWakes(events: Int) {
        var commit = Commit(mode: .group, limits: limits)
        for _ in 0..<events { _ = commit.offer("a", now: 0) }
        _ = commit.next(now: 0)
        #expect(commit.flush(9, now: 1) == .accepted(wakeWriter: true))
    }

    @Test("closing commits what is queued, syncs, stops, and refuses what comes after")
    func closes() {
        var commit = Commit(mode: .group, limits: limits)
        _ = commit.next(now: 0)
        for event in ["a", "b", "c", "d"] { _ = commit.offer(event, now: 0) }
        _ = commit.wait("e", 5, now: 0)
        _ = commit.close()
        #expect(commit.offer("f", now: 1) == .refused(.closed))
        #expect(commit.flush(1, now: 1) == .refused(.closed))
        let first = commit.next(now: 1)
        #expect(first.text == "write a,b,c")
        #expect(commit.committed(first.batch, refused: [:], now: 1).map(\.waiter) == [5])
        let second = commit.next(now: 1)
        #expect(second.text == "write d,e")
        _ = commit.committed(second.batch, refused: [:], now: 1)
        #expect(commit.next(now: 1).text == "sync")
        commit.synced()
        #expect(commit.next(now: 1).text == "stop")
    }

    @Test("closing on a disk that refuses says how many events are lost")
    func closesWithLoss() {
        var commit = Commit(mode: .group, limits: limits)
        for event in ["a", "b"] { _ = commit.offer(event, now: 0) }
        _ = commit.flush(4, now: 0)
        _ = commit.close()
        let answers = commit.failed(commit.next(now: 1).batch, reason: "disk full", now: 1)
        #expect(answers.map(\.waiter) == [4])
        #expect(commit.next(now: 1).text == "stop 2 audit events could not be written at shutdown: disk full")
    }
}
