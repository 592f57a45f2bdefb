import Egress
import Foundation
import Synchronization
import TestSupport
import Testing

@Suite("A transfer under way", .timeLimit(.minutes(1)))
struct TransferControlTests {
    private let client: HTTPClient
    private let server: UnreliableServer

    init() throws {
        client = try HTTPClient()
        server = try UnreliableServer()
    }

    private func start(
        _ path: String,
        _ log: TransferLog,
        limits: HTTPLimits = HTTPLimits()
    ) throws -> HTTPTransfer {
        try client.start(HTTPRequest(url: server.url(path)), policy: .loopback(limits: limits), handler: log)
    }

    @Test("that is cancelled before the first byte ends within 100 ms")
    func cancelledEarly() async throws {
        // The best of five: the machine may have other things to do.
        var quickest = Duration.seconds(60)
        for _ in 0..<5 where quickest >= .milliseconds(100) {
            let server = try UnreliableServer()
            let log = TransferLog()
            let transfer = try client.start(HTTPRequest(url: server.url("/silent")), policy: .loopback(), handler: log)
            #expect(try await server.says("asked /silent").contains("asked /silent"))
            let start = ContinuousClock.now
            transfer.cancel()
            let heard = try await log.wait()
            #expect(heard.error == .cancelled)
            #expect(heard.status == nil)
            quickest = min(quickest, try #require(heard.endedAt) - start)
            // The server sees it as well.
            #expect(try await server.says("left").contains("left"))
        }
        #expect(quickest < .milliseconds(100))
    }

    @Test("can be cancelled from within, twice, and after its end")
    func cancelledOften() async throws {
        let log = TransferLog()
        let own = Mutex<HTTPTransfer?>(nil)
        log.onEveryPiece { own.withLock { $0 }?.cancel() }
        let transfer = try own.withLock { own in
            let transfer = try start("/big?bytes=10000000", log)
            own = transfer
            return transfer
        }
        let heard = try await log.wait()
        #expect(heard.error == .cancelled)
        #expect(heard.pieces == 1)
        transfer.cancel()
        transfer.pause()
        transfer.resume()
        // Another transfer of the same loop passes after those wishes.
        #expect(try await client.exchange(server.url("/hello")).error == nil)
        #expect(log.heard.ends == 1)
        own.withLock { $0 = nil }
    }

    @Test("that is cancelled at once ends once", arguments: 0..<20)
    func cancelledAtOnce(_ number: Int) async throws {
        let log = TransferLog()
        try start(number % 2 == 0 ? "/hello" : "/silent", log).cancel()
        let heard = try await log.wait()
        #expect(heard.ends == 1)
        if number % 2 == 1 { #expect(heard.error == .cancelled) }
    }

    @Test("that is paused holds the server back, and goes on where it was")
    func paused() async throws {
        let size = 100_000_000
        let log = TransferLog()
        let own = Mutex<HTTPTransfer?>(nil)
        let isHeld = Atomic(true)
        log.onEveryPiece { if isHeld.load(ordering: .relaxed) { own.withLock { $0 }?.pause() } }
        let transfer = try own.withLock { own in
            let transfer = try start("/big?bytes=\(size)", log, limits: HTTPLimits(idleMilliseconds: 2000))
            own = transfer
            return transfer
        }
        let said = try await server.says("blocked at")
        let sent = said.split(separator: "\n").last { $0.hasPrefix("blocked") }?.split(separator: " ").last
        // What the kernel's socket buffers hold, and no more.
        #expect(try #require(sent.flatMap { Int($0) }) < 20_000_000)
        #expect(log.heard.pieces == 1)
        #expect(log.heard.bodyBytes <= 16 << 10)
        // Longer than the idle limit, which a pause does not use up.
        #expect(try await log.wait(seconds: 3) { $0.pieces > 1 }.pieces == 1)
        isHeld.store(false, ordering: .relaxed)
        transfer.resume()
        let heard = try await log.wait(seconds: 40)
        #expect(heard.bodyBytes == size)
        #expect(heard.error == nil)
        own.withLock { $0 = nil }
    }

    @Test("that is paused and cancelled ends")
    func pausedAndCancelled() async throws {
        let log = TransferLog()
        let transfer = try start("/big?bytes=100000000", log)
        transfer.pause()
        _ = try await server.says("blocked at")
        transfer.cancel()
        #expect(try await log.wait(seconds: 5).error == .cancelled)
    }

    @Test("runs beside 199 others on two threads")
    func many() async throws {
        let logs = (0..<200).map { _ in TransferLog() }
        let transfers = try logs.map { try start("/hold", $0) }
        for log in logs { #expect(try await log.wait { $0.bodyBytes == 5 }.text == "first") }
        #expect(client.openTransfers == 200)
        #expect(logs.reduce(into: Set()) { $0.formUnion($1.heard.threads) }.count <= 2)
        for transfer in transfers { transfer.cancel() }
        for log in logs { #expect(try await log.wait().error == .cancelled) }
        #expect(client.openTransfers == 0)
    }

    @Test(
        "is held to each of its limits",
        arguments: [
            (
                "/silent", HTTPLimits(firstByteMilliseconds: 200),
                HTTPError.timedOut(phase: "to the first byte", milliseconds: 200)
            ),
            ("/hold", HTTPLimits(idleMilliseconds: 200), .timedOut(phase: "between two pieces", milliseconds: 200)),
            (
                "/drip", HTTPLimits(totalMilliseconds: 1500),
                .timedOut(phase: "for the whole transfer", milliseconds: 1500)
            ),
            (
                "/big?bytes=2000000000", HTTPLimits(totalMilliseconds: 300),
                .timedOut(phase: "for the whole transfer", milliseconds: 300)
            ),
        ]
    )
    func limits(_ path: String, _ limits: HTTPLimits, _ error: HTTPError) async throws {
        let log = TransferLog()
        _ = try start(path, log, limits: limits)
        let heard = try await log.wait()
        #expect(heard.error == error)
        #expect(heard.ends == 1)
    }

    @Test("does not wait for a server that does not take the connection")
    func connectLimit() async throws {
        let full = try BlockedListener()
        let log = TransferLog()
        _ = try client.start(
            HTTPRequest(url: "http://127.0.0.1:\(full.port)/"),
            policy: .loopback(limits: HTTPLimits(connectMilliseconds: 300)),
            handler: log
        )
        #expect(try await log.wait().error == .timedOut(phase: "to connect", milliseconds: 300))
    }

    @Test("says that nobody listens")
    func nobody() async throws {
        let heard = try await client.exchange("http://127.0.0.1:1/")
        guard case .unreachable(host: "127.0.0.1", _) = heard.error else {
            Issue.record("\(String(describing: heard.error))")
            return
        }
    }
}
