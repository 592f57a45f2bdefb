import Core
import Synchronization
import Testing

@testable import PluginRuntime

@Suite("Queues between plugin and host") struct QueueTests {
    @Test("the window counts what waits, and lets one event larger than itself through when it is alone")
    func window() {
        var window = EventWindow(limitBytes: 10)
        #expect(window.creditBytes == 10)
        let taken = [window.take(6), window.take(5), window.take(4), window.take(1)]
        #expect(taken == [true, false, true, false])
        #expect(window.creditBytes == 0)
        let grew = [window.give(6), window.give(4)]
        #expect(grew == [true, false])
        let large = [window.take(100), window.take(0), window.take(1)]
        #expect(large == [true, true, false])
        #expect(window.creditBytes == 0)
        let last = window.give(100)
        #expect(last)
    }

    @Test("the queue keeps the order, refuses past the window, and ends after what it holds")
    func queue() async {
        let queue = EventQueue(windowBytes: 3)
        let emitted = ["1", "2", "3", "4"].map { queue.tryEmit(CallEvent(kind: "data", json: Array($0.utf8))) }
        #expect(emitted == [.accepted, .accepted, .accepted, .full])
        #expect(queue.creditBytes == 0)
        #expect(await queue.next()?.json == Array("1".utf8))
        #expect(queue.tryEmit(CallEvent(kind: "data", json: Array("5".utf8))) == .accepted)
        queue.close()
        #expect(queue.tryEmit(CallEvent(kind: "data", json: Array("6".utf8))) == .closed)
        var rest: [String] = []
        while let event = await queue.next() { rest.append(String(decoding: event.json, as: UTF8.self)) }
        #expect(rest == ["2", "3", "5"])
        #expect(await queue.next() == nil)
    }

    @Test("an event that was turned away makes the queue full although there is credit, and goes before those who wait")
    func turnedAway() async {
        let queue = EventQueue(windowBytes: 100)
        func event(_ bytes: Int) -> CallEvent { CallEvent(kind: "data", json: [UInt8](repeating: 0x31, count: bytes)) }
        for _ in 0..<3 { #expect(queue.tryEmit(event(30)) == .accepted) }
        #expect(!queue.isFull)
        #expect(queue.tryEmit(event(80)) == .full)
        #expect(queue.creditBytes == 10)
        #expect(queue.isFull)
        // The plugin tries again each time it hears of room, as a provider's backlog does.
        let plugin = Backlog(queue, event(80))
        queue.setOnCredit(plugin.callback)
        let hasRoom = Atomic<Bool>(false)
        queue.whenRoom { hasRoom.store(true, ordering: .relaxed) }
        for taken in 1...4 {
            _ = await queue.next()
            #expect(plugin.isSent == (taken >= 3))
            #expect(hasRoom.load(ordering: .relaxed) == (taken >= 3))
        }
        queue.setOnCredit(nil)
    }

    /// One event that waits for credit.
    private final class Backlog: Sendable {
        private let queue: EventQueue
        private let event: CallEvent
        private let sent = Atomic<Bool>(false)

        init(_ queue: EventQueue, _ event: CallEvent) {
            self.queue = queue
            self.event = event
        }

        var isSent: Bool { sent.load(ordering: .relaxed) }

        /// Lives as long as this does.
        var callback: PluginCallback {
            PluginCallback(
                function: { context in
                    guard let context else { return }
                    let backlog = Unmanaged<Backlog>.fromOpaque(context).takeUnretainedValue()
                    guard !backlog.isSent, backlog.queue.tryEmit(backlog.event) == .accepted else { return }
                    backlog.sent.store(true, ordering: .relaxed)
                },
                context: Unmanaged.passUnretained(self).toOpaque()
            )
        }
    }

    @Test("remembers why its reader has gone, and not what closed it after that")
    func loss() {
        let queue = EventQueue()
        #expect(queue.loss == nil)
        queue.close(because: .slowConsumer)
        queue.close(because: .callCancelled)
        #expect(queue.loss?.code == "slow_consumer")
        let ended = EventQueue()
        ended.close()
        ended.close(because: .slowConsumer)
        #expect(ended.loss == nil)
    }

    @Test("closing wakes a reader that waits")
    func closeWakes() async {
        let queue = EventQueue()
        async let event = queue.next()
        for _ in 0..<100 { await Task.yield() }
        queue.close()
        #expect(await event == nil)
    }

    @Test("a blocked writer goes on when the queue is closed or its call is over")
    func blockedWriter() async {
        let queue = EventQueue(windowBytes: 1)
        let event = CallEvent(kind: "data", json: [0x31])
        #expect(queue.tryEmit(event) == .accepted)
        #expect(queue.emit(event, isOver: { true }) == .closed)
        queue.close()
        #expect(queue.emit(event, isOver: { false }) == .closed)
    }

    @Test("the gate lets one in at a time, in the order of arrival")
    func gate() {
        let gate = CallGate(width: 1)
        let entered = Mutex<[Int]>([])
        for number in 0..<4 { gate.enter { entered.withLock { $0.append(number) } } }
        #expect(entered.withLock { $0 } == [0])
        gate.leave()
        #expect(entered.withLock { $0 } == [0, 1])
        gate.leave()
        gate.leave()
        gate.leave()
        #expect(entered.withLock { $0 } == [0, 1, 2, 3])
        gate.enter { entered.withLock { $0.append(4) } }
        #expect(entered.withLock { $0 } == [0, 1, 2, 3, 4])
    }

    @Test("threads refuse what their queue cannot hold, and run the rest once")
    func threads() async {
        var limits = CallThreads.Limits()
        limits.minimum = 1
        limits.maximum = 1
        limits.maxQueuedJobs = 3
        let threads = CallThreads(limits: limits)
        let ran = Mutex(0)
        let isHeld = Semaphore()
        let hold = Semaphore()
        #expect(
            threads.submit {
                isHeld.signal(); hold.wait()
            }
        )
        isHeld.wait()
        let accepted = (0..<5).map { _ in threads.submit { ran.withLock { $0 += 1 } } }
        #expect(accepted == [true, true, true, false, false])
        let last = Semaphore()
        hold.signal()
        while !threads.submit({ last.signal() }) { await Task.yield() }
        last.wait()
        #expect(ran.withLock { $0 } == 3)
    }

    @Test("a job that waits behind a blocked one gets a thread when the patience is over")
    func relief() async {
        var limits = CallThreads.Limits()
        limits.minimum = 1
        limits.patienceNanoseconds = 1
        let threads = CallThreads(limits: limits)
        let isHeld = Semaphore()
        let hold = Semaphore()
        let second = Semaphore()
        #expect(
            threads.submit {
                isHeld.signal(); hold.wait()
            }
        )
        isHeld.wait()
        #expect(threads.submit { second.signal() })
        _ = threads.relieve()
        second.wait()
        hold.signal()
    }
}
