import Synchronization
import Testing

@testable import Supervision

@Suite("Threads that plugins do not give back") struct AbandonedThreadsTests {
    private let threads = AbandonedThreads(max: 2)

    private final class Heard: Sendable {
        let counts = Mutex<[Int]>([])
    }

    private func listen() -> Heard {
        let heard = Heard()
        threads.onTooMany { count in heard.counts.withLock { $0.append(count) } }
        return heard
    }

    @Test("are told of once there are more than the host can spare, and once only")
    func tooMany() {
        let heard = listen()
        for _ in 0..<2 { threads.lose() }
        #expect(heard.counts.withLock { $0 } == [])
        for _ in 0..<3 { threads.lose() }
        #expect(heard.counts.withLock { $0 } == [3])
        #expect(threads.count == 5)
    }

    @Test("count no more once they are back, and are told of again when more go")
    func back() {
        let heard = listen()
        for _ in 0..<3 { threads.lose() }
        for _ in 0..<2 { threads.getBack() }
        #expect(threads.count == 1)
        for _ in 0..<2 { threads.lose() }
        #expect(heard.counts.withLock { $0 } == [3, 3])
    }
}
