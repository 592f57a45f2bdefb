import Foundation
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import HTTPAPI

@Suite("A streamed answer") struct AnswerStreamTests {
    /// A connection that keeps what it is given and takes more, or not, or is gone.
    private final class Connection: Sendable {
        let written = Mutex<[String]>([])
        let takesMore: Mutex<Bool?>

        init(takesMore: Bool? = true) { self.takesMore = Mutex(takesMore) }

        func write(_ bytes: ByteBuffer) -> Bool? {
            written.withLock { $0.append(String(buffer: bytes)) }
            return takesMore.withLock { $0 }
        }
    }

    private final class Writing: Sendable {
        private let state = Mutex(false)

        var isOver: Bool { state.withLock { $0 } }

        func run(_ write: @Sendable () async throws -> Void) async throws {
            try await write()
            state.withLock { $0 = true }
        }
    }

    @Test("goes out in one piece when its events come faster than the event loop turns")
    func together() async throws {
        let (loop, connection) = (NIOAsyncTestingEventLoop(), Connection())
        let stream = AnswerStream(loop: loop, outlet: connection.write)
        let isWritten = DispatchSemaphore(value: 0)
        loop.execute { isWritten.wait() }
        for text in ["a", "b", "c"] { try await stream.write(ByteBuffer(string: text)) }
        isWritten.signal()
        await loop.run()
        #expect(connection.written.withLock { $0 } == ["abc"])
        await loop.shutdownGracefully()
    }

    @Test("has its writer wait while the client does not read")
    func backPressure() async throws {
        let (loop, connection) = (NIOAsyncTestingEventLoop(), Connection(takesMore: false))
        let stream = AnswerStream(loop: loop, outlet: connection.write)
        try await stream.write(ByteBuffer(string: "a"))
        await loop.run()
        let writing = Writing()
        async let second: Void = writing.run { try await stream.write(ByteBuffer(string: "b")) }
        while connection.written.withLock({ $0.count }) < 2 { await loop.run() }
        #expect(!writing.isOver)
        try await loop.executeInContext { stream.becomes(writable: true) }
        try await second
        #expect(writing.isOver)
        await loop.shutdownGracefully()
    }

    @Test("tells its writer that the client is gone", arguments: [true, false])
    func gone(_ isFoundByWriting: Bool) async throws {
        let (loop, connection) = (NIOAsyncTestingEventLoop(), Connection(takesMore: nil))
        let stream = AnswerStream(loop: loop, outlet: connection.write)
        if isFoundByWriting {
            try await stream.write(ByteBuffer(string: "a"))
            await loop.run()
        } else {
            stream.leave()
        }
        await #expect(throws: ClientGone.self) { try await stream.write(ByteBuffer(string: "b")) }
        await loop.shutdownGracefully()
    }

    @Test("gets no sign of life while something waits to be read")
    func signs() async throws {
        let (loop, connection) = (NIOAsyncTestingEventLoop(), Connection(takesMore: false))
        let stream = AnswerStream(loop: loop, outlet: connection.write)
        stream.beat(ByteBuffer(string: ":"))
        await loop.run()
        stream.beat(ByteBuffer(string: ":"))
        await loop.run()
        #expect(connection.written.withLock { $0 } == [":"])
        await loop.shutdownGracefully()
    }

    @Test(
        "is dated as RFC 9110 wants it",
        arguments: [
            (0.0, "Thu, 01 Jan 1970 00:00:00 GMT"), (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (951_782_399, "Mon, 28 Feb 2000 23:59:59 GMT"), (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"),
        ]
    )
    func date(_ seconds: Double, _ text: String) {
        #expect(DateLine.format(Date(timeIntervalSince1970: seconds)) == text)
    }
}
