import NIOCore
import NIOHTTP1
import Testing

@testable import HTTPAPI

@Suite("The requests of a connection") struct RequestTurnTests {
    private static let head = HTTPServerRequestPart.head(.init(version: .http1_1, method: .POST, uri: "/"))
    private static let end = HTTPServerRequestPart.end(nil)

    private static func body(_ count: Int) -> HTTPServerRequestPart { .body(ByteBuffer(repeating: 0, count: count)) }

    @Test("wait for the answer to the one before", arguments: [RequestTurn.Server.router, .pipeline])
    func inTurn(_ server: RequestTurn.Server) {
        var turn = RequestTurn()
        #expect(!turn.keep(Self.head))
        turn.begin(server, isLast: false)
        #expect(turn.requestEnds() == .wait)
        #expect(turn.keep(Self.head))
        #expect(turn.keep(Self.end))
        #expect(turn.takeWaiting() == nil)
        #expect(turn.answerEnds() == .deliver)
        #expect(turn.takeWaiting() == Self.head)
        turn.begin(server, isLast: false)
        #expect(turn.takeWaiting() == Self.end)
        #expect(turn.takeWaiting() == nil)
    }

    @Test("that come later wait behind those that wait already")
    func behindOthers() {
        var turn = RequestTurn()
        turn.begin(.pipeline, isLast: false)
        _ = turn.requestEnds()
        #expect(turn.keep(Self.head))
        #expect(turn.answerEnds() == .deliver)
        #expect(turn.keep(Self.end))
        #expect(turn.takeWaiting() == Self.head)
    }

    @Test("are over when both the request and its answer are", arguments: [true, false])
    func bothEnds(_ isAnsweredEarly: Bool) {
        var turn = RequestTurn()
        turn.begin(.pipeline, isLast: false)
        #expect((isAnsweredEarly ? turn.answerEnds() : turn.requestEnds()) == .wait)
        #expect(turn.server == .pipeline)
        #expect((isAnsweredEarly ? turn.requestEnds() : turn.answerEnds()) == .deliver)
        #expect(turn.server == nil)
    }

    @Test("end the connection when the client asked for it, and nothing more is taken")
    func last() {
        var turn = RequestTurn()
        turn.begin(.pipeline, isLast: true)
        _ = turn.requestEnds()
        #expect(turn.keep(Self.head))
        #expect(turn.answerEnds() == .close)
        #expect(turn.takeWaiting() == nil)
    }

    @Test("are answered before a connection that is to end does, and at once when there is none")
    func quiescing() {
        var idle = RequestTurn()
        #expect(idle.quiesce() == .close)
        var busy = RequestTurn()
        busy.begin(.router, isLast: false)
        #expect(busy.quiesce() == .wait)
        #expect(busy.requestEnds() == .wait)
        #expect(busy.answerEnds() == .close)
    }

    @Test("are read ahead up to a limit of parts and one of bytes")
    func readAhead() {
        var turn = RequestTurn()
        turn.begin(.pipeline, isLast: false)
        _ = turn.requestEnds()
        for _ in 0..<63 { _ = turn.keep(Self.head) }
        #expect(!turn.isReadAheadFull)
        _ = turn.keep(Self.head)
        #expect(turn.isReadAheadFull)

        var other = RequestTurn()
        other.begin(.pipeline, isLast: false)
        _ = other.requestEnds()
        _ = other.keep(Self.body(65_535))
        #expect(!other.isReadAheadFull)
        _ = other.keep(Self.body(1))
        #expect(other.isReadAheadFull)
        _ = other.answerEnds()
        _ = other.takeWaiting()
        #expect(!other.isReadAheadFull)
    }
}
