import Core
import PluginRuntime
import Synchronization
import Testing

@testable import Workers

@Suite("The calls a host has in one worker") struct CallLedgerTests {
    /// Twenty nanoseconds of grace, three calls at most.
    var ledger = CallLedger(maxCalls: 3, graceNanoseconds: 20)

    private func waiter(_ requestID: String) -> CallLedger.Waiter {
        CallLedger.Waiter(
            requestID: requestID,
            deliver: { _ in },
            events: nil,
            context: CallContext(requestID: requestID)
        )
    }

    @Test("are open until the worker ends them")
    mutating func end() throws {
        let number = try ledger.begin(waiter("a"), deadline: 100)
        #expect(number == 1)
        #expect(ledger.count == 1)
        #expect(ledger.next == 100)
        #expect(try ledger.waiter(number)?.requestID == "a")
        #expect(ledger.openCall(number)?.deadline == 100)
        #expect(ledger.knows(requestID: "a"))
        #expect(try ledger.end(number)?.requestID == "a")
        #expect(ledger.count == 0)
        #expect(ledger.next == .max)
        #expect(!ledger.knows(requestID: "a"))
    }

    @Test("cannot be ended twice, nor when they never were")
    mutating func endTwice() throws {
        let number = try ledger.begin(waiter("a"), deadline: 100)
        _ = try ledger.end(number)
        let error = WireError("something about call 1, which is not open")
        #expect(throws: error) { try ledger.end(number) }
        #expect(throws: error) { try ledger.waiter(number) }
        #expect(throws: WireError("something about call 0, which is not open")) { try ledger.end(0) }
    }

    @Test("are given up at their deadline, have their grace, and then are overdue")
    mutating func deadline() throws {
        let number = try ledger.begin(waiter("a"), deadline: 100)
        #expect(ledger.expired(at: 99) == [])
        #expect(ledger.expired(at: 100) == [1])
        #expect(ledger.giveUp(number, isDeadline: true, at: 103)?.requestID == "a")
        #expect(ledger.giveUp(number, isDeadline: true, at: 104) == nil)
        #expect(ledger.expired(at: 200) == [])
        #expect(ledger.next == 123)
        #expect(!ledger.isOverdue(at: 122))
        #expect(ledger.isOverdue(at: 123))
        #expect(ledger.openCall(number) == nil)
        #expect(ledger.isGivenUp(number))
    }

    @Test("that their caller has left may go on until deadline and grace have passed")
    mutating func cancelled() throws {
        let number = try ledger.begin(waiter("a"), deadline: 100)
        #expect(ledger.giveUp(number, isDeadline: false, at: 50)?.requestID == "a")
        #expect(ledger.next == 120)
        #expect(!ledger.isOverdue(at: 119))
        #expect(ledger.isOverdue(at: 120))
    }

    @Test("without end wait without end", arguments: [true, false])
    mutating func endless(isDeadline: Bool) throws {
        let number = try ledger.begin(waiter("a"), deadline: .max)
        #expect(ledger.next == .max)
        #expect(ledger.giveUp(number, isDeadline: isDeadline, at: .max - 5) != nil)
        #expect(ledger.next == .max)
        #expect(!ledger.isOverdue(at: .max - 1))
    }

    @Test("that were given up are gone once the plugin has let go, without anybody being told")
    mutating func released() throws {
        let number = try ledger.begin(waiter("a"), deadline: 100)
        _ = ledger.giveUp(number, isDeadline: true, at: 100)
        #expect(try ledger.waiter(number) == nil)
        ledger.release(number)
        #expect(ledger.count == 0)
        #expect(!ledger.isOverdue(at: 500))
        ledger.release(number)
    }

    @Test("that somebody waits for are not released, whatever the worker says")
    mutating func releasedTooEarly() throws {
        let number = try ledger.begin(waiter("a"), deadline: 100)
        ledger.release(number)
        #expect(try ledger.end(number)?.requestID == "a")
    }

    @Test("that were given up may still be ended, once, and nobody hears of it")
    mutating func endAfterGivingUp() throws {
        let number = try ledger.begin(waiter("a"), deadline: 100)
        _ = ledger.giveUp(number, isDeadline: false, at: 50)
        #expect(try ledger.end(number) == nil)
        #expect(throws: WireError.self) { try ledger.end(number) }
    }

    @Test("are no more than the limit, those that were given up included")
    mutating func full() throws {
        for name in ["a", "b", "c"] { _ = try ledger.begin(waiter(name), deadline: 100) }
        _ = ledger.giveUp(2, isDeadline: true, at: 100)
        #expect(throws: CallLedger.Refusal.full) { try ledger.begin(waiter("d"), deadline: 100) }
        ledger.release(2)
        #expect(try ledger.begin(waiter("d"), deadline: 100) == 4)
    }

    @Test("are no new ones while it drains, and the last one to go is noticed")
    mutating func drain() throws {
        let number = try ledger.begin(waiter("a"), deadline: 100)
        let isEmpty = ledger.drain()
        #expect(!isEmpty)
        #expect(throws: CallLedger.Refusal.retired) { try ledger.begin(waiter("b"), deadline: 100) }
        #expect(try ledger.end(number)?.requestID == "a")
        let isEmptyNow = ledger.drain()
        #expect(isEmptyNow)
    }

    @Test("are all told when the worker is gone, but for those that were given up")
    mutating func close() throws {
        for name in ["a", "b", "c"] { _ = try ledger.begin(waiter(name), deadline: 100) }
        _ = ledger.giveUp(1, isDeadline: true, at: 100)
        #expect(ledger.close().map(\.requestID).sorted() == ["b", "c"])
        #expect(ledger.close().isEmpty)
        #expect(ledger.next == .max)
        #expect(throws: CallLedger.Refusal.retired) { try ledger.begin(waiter("d"), deadline: 100) }
    }
}

extension CallLedger.Waiter: Equatable {
    static func == (left: CallLedger.Waiter, right: CallLedger.Waiter) -> Bool {
        left.requestID == right.requestID
    }
}
