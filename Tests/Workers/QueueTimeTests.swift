import PluginRuntime
import Synchronization
import Testing

@Suite("A queue of events between a worker and a reader") struct QueueTimeTests {
    private func event(_ bytes: Int) -> CallEvent {
        CallEvent(kind: "data", json: [UInt8](repeating: 0x31, count: bytes))
    }

    @Test("tells since when events wait, and since when the next one is due")
    func times() async {
        let queue = EventQueue(windowBytes: 100)
        #expect(queue.waitingSince == nil)
        #expect(queue.dueSince == nil)
        let start = MonotonicClock.now()
        _ = queue.tryEmit(event(10))
        let first = queue.waitingSince ?? 0
        #expect(first >= start)
        #expect(queue.dueSince == first)
        _ = queue.tryEmit(event(10))
        #expect(queue.waitingSince == first)
        #expect(queue.dueSince ?? 0 >= first)
        let last = queue.dueSince
        // A reader that takes one now and then is slow, not gone.
        _ = await queue.next()
        #expect(queue.waitingSince ?? 0 >= last ?? .max)
        _ = await queue.next()
        #expect(queue.waitingSince == nil)
        // Only now does the reader wait for another.
        #expect(queue.dueSince ?? 0 > last ?? .max)
        // Turned away: neither a new event nor another wait.
        _ = queue.tryEmit(event(100))
        let full = queue.dueSince
        #expect(queue.tryEmit(event(1)) == .full)
        #expect(queue.dueSince == full)
    }

    @Test("grants all that has left, little things together, and no more")
    func grants() async {
        let queue = EventQueue(windowBytes: 100)
        let granted = Mutex<[Int]>([])
        queue.onLeave { bytes in granted.withLock { $0.append(bytes) } }
        for _ in 0..<10 { #expect(queue.tryEmit(event(10)) == .accepted) }
        for _ in 0..<10 { _ = await queue.next() }
        #expect(granted.withLock { $0 } == [30, 30, 30, 10])
    }

    @Test("grants what went straight to a reader that was waiting")
    func straight() async {
        let queue = EventQueue(windowBytes: 100)
        let granted = Mutex<[Int]>([])
        queue.onLeave { bytes in granted.withLock { $0.append(bytes) } }
        async let next = queue.next()
        while granted.withLock({ $0.isEmpty }) {
            _ = queue.tryEmit(event(7))
            await Task.yield()
        }
        #expect(await next?.json.count == 7)
        let before = granted.withLock { $0.reduce(0, +) }
        #expect(before % 7 == 0)
        queue.close()
        var left = 0
        while await queue.next() != nil { left += 7 }
        #expect(granted.withLock { $0.reduce(0, +) } == before + left)
    }

    @Test("grants exactly what a writer across the wire was charged, whatever the sizes")
    func balance() async {
        var numbers = SeededNumbers(seed: 5)
        let queue = EventQueue(windowBytes: 1000)
        let granted = Mutex(0)
        queue.onLeave { bytes in granted.withLock { $0 += bytes } }
        var window = EventWindow(limitBytes: 1000)
        var sent = 0
        var taken = 0
        for _ in 0..<20_000 {
            let size =
                Int.random(in: 1...400, using: &numbers) * (Int.random(in: 0..<50, using: &numbers) == 0 ? 10 : 1)
            if window.take(size) {
                // What the writer may send, the reader has room for.
                #expect(queue.tryEmit(event(size)) == .accepted)
                sent += size
            } else {
                taken += await queue.next()?.json.count ?? 0
                let credit = granted.withLock { granted in
                    defer { granted = 0 }
                    return granted
                }
                _ = window.give(credit)
            }
        }
        #expect(sent - taken <= 4000)
    }
}
