import CPraximous
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import PluginRuntime

@Suite("The call table's parts", .timeLimit(.minutes(1))) struct PrimitiveTests {
    @Test("free slots are never handed out twice, from many threads at once")
    func freeSlots() async throws {
        let slots = SlotPool(capacity: 64)
        try await withThrowingTaskGroup(of: Int.self) { tasks in
            for _ in 0..<4 { tasks.addTask { try await Blocking.run { slots.takeAndGiveBack(rounds: 20_000) } } }
            for try await clashes in tasks { #expect(clashes == 0) }
        }
        #expect(slots.takeAll() == Set(0..<64))
        #expect(slots.takeAll().isEmpty)
    }

    @Test("a table without a free slot says so, and has one again when a call has ended")
    func exhaustion() {
        let table = CallTable(capacity: 2)
        let first = table.takeSlot()
        let second = table.takeSlot()
        #expect(first != nil && second != nil && first != second)
        #expect(table.takeSlot() == nil)
        first.map(table.giveBack)
        #expect(table.takeSlot() == first)
    }

    @Test("an invented handle opens nothing, whether its slot was ever taken or not")
    func invented() {
        let table = CallTable(capacity: 3)
        #expect(table.takeSlot() != nil)
        for id: UInt64 in [0, 1, 2, 3, 4, 1 << 32 | 2, 7 << 32 | 3, .max] {
            let call = prax_call(id: id)
            #expect(table.withOpen(call) { _, _ in true } == nil)
            #expect(table.pluginEnds(call, .failure(.deadlinePassed)) < 0)
            #expect(!table.mayStart(call))
        }
        var seen = 0
        table.forEachInUse { _, _, _ in seen += 1 }
        #expect(seen == 0)
    }

    @Test("a deadline is now plus the duration, never before now and never past the end of time")
    func deadlines() {
        let now = MonotonicClock.now()
        #expect(MonotonicClock.deadline(in: .zero) >= now)
        #expect(MonotonicClock.deadline(in: .seconds(-5)) >= now)
        #expect(MonotonicClock.deadline(in: .milliseconds(-5)) >= now)
        #expect(MonotonicClock.deadline(in: .milliseconds(1500)) >= now + 1_500_000_000)
        #expect(MonotonicClock.deadline(in: .seconds(9_223_372_036)) > 9_223_372_036_000_000_000)
        #expect(MonotonicClock.deadline(in: .seconds(9_223_372_037)) == .max)
        #expect(MonotonicClock.deadline(in: .seconds(Int64.max)) == .max)
    }

    @Test("threads stay at the minimum while jobs are quick")
    func minimum() async {
        let names = Mutex<Set<UInt>>([])
        let threads = CallThreads(limits: .init(minimum: 2, maximum: 8, patienceNanoseconds: .max))
        let done = Signal()
        for _ in 0..<500 {
            #expect(
                threads.submit {
                    names.withLock { _ = $0.insert(UInt(pthread_self())) }
                    done.post()
                }
            )
        }
        for _ in 0..<500 { #expect(done.block()) }
        #expect(!threads.relieve())
        #expect(names.withLock { $0.count } <= 2)
    }

    @Test("a thread that could not be started is tried again while jobs wait")
    func outOfThreads() async {
        let isOut = Atomic(true)
        let threads = CallThreads(limits: .init(minimum: 1, maximum: 1, patienceNanoseconds: 0)) { name, run in
            isOut.load(ordering: .relaxed) ? false : DetachedThread.start(named: name, run)
        }
        let told = Signal()
        let done = Signal()
        threads.onBacklog { told.post() }
        #expect(threads.submit { done.post() })
        #expect(told.block())
        #expect(threads.relieve())
        isOut.store(false, ordering: .relaxed)
        #expect(threads.relieve())
        #expect(done.block())
    }

    @Test("threads grow to the maximum while jobs block, and no further")
    func maximum() async {
        let threads = CallThreads(limits: .init(minimum: 1, maximum: 3, patienceNanoseconds: 0))
        let started = Signal()
        let go = Signal()
        for _ in 0..<5 {
            #expect(
                threads.submit {
                    started.post(); _ = go.block()
                }
            )
        }
        for _ in 0..<3 {
            _ = threads.relieve()
            #expect(started.block())
        }
        #expect(threads.relieve())
        #expect(started.count == 0)
        for _ in 0..<5 { go.post() }
        for _ in 0..<2 { #expect(started.block()) }
    }
}

/// Free slots with a mark for each that is taken.
///
/// @unchecked Sendable: the slots' memory never moves, and only their atomics are used.
private final class SlotPool: @unchecked Sendable {
    private let slots: UnsafeMutablePointer<CallSlot>
    private let capacity: Int
    private let free: FreeSlots
    private let taken: Mutex<[Bool]>

    init(capacity: Int) {
        self.capacity = capacity
        slots = .allocate(capacity: capacity)
        memset(slots, 0, capacity * MemoryLayout<CallSlot>.stride)
        free = FreeSlots(capacity: UInt32(capacity))
        taken = Mutex(Array(repeating: false, count: capacity))
    }

    // What the slots are made of needs no end: nothing was ever put into them.
    deinit { slots.deallocate() }

    /// How often a slot was handed out that somebody else still had.
    func takeAndGiveBack(rounds: Int) -> Int {
        var clashes = 0
        for round in 0..<rounds {
            let numbers = (0...round % 3).compactMap { _ in free.pop(slots) }
            clashes += mark(numbers, true)
            clashes += mark(numbers, false)
            for number in numbers { free.push(number, slots) }
        }
        return clashes
    }

    func takeAll() -> Set<UInt32> {
        var all: Set<UInt32> = []
        while let number = free.pop(slots) { all.insert(number) }
        return all
    }

    private func mark(_ numbers: [UInt32], _ isTaken: Bool) -> Int {
        taken.withLock { taken in
            var clashes = 0
            for number in numbers {
                if taken[Int(number)] == isTaken { clashes += 1 }
                taken[Int(number)] = isTaken
            }
            return clashes
        }
    }
}
