import Synchronization
import Testing

@testable import Gateway

@Suite("The events of a streamed answer") struct ChatEventQueueTests {
    @Test("all come, in their order, whenever their reader has them taken")
    func handover() async {
        for _ in 0..<20_000 {
            let queue = ChatEventQueue()
            let taken = Mutex<[UInt8]>([])
            let taker = ChatEventQueue.Taker(
                take: { event in
                    if case .chunk(let bytes) = event { taken.withLock { $0 += bytes } }
                    return true
                },
                stop: {}
            )
            async let sent: Void = {
                for number: UInt8 in 0..<8 { _ = await queue.send(.chunk([number])) }
                queue.close()
            }()
            if let first = await queue.next(), await taker.take(first) { await queue.pass(to: taker) }
            await sent
            let all = taken.withLock { $0 }
            #expect(all == [0, 1, 2, 3, 4, 5, 6, 7])
            if all.count != 8 { return }
        }
    }
}
