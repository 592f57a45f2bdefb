import NIOCore
import NIOHTTP1
import Testing

@testable import HTTPAPI

@Suite("The requests of a connection") struct RequestTurnTests {
    private enum Step {
        case comes(HTTPServerRequestPart)
        case begins(RequestTurn.Server, isLast: Bool = false)
        case takes, requestEnds, answerEnds, quiesces, inputEnds
    }

    private static let head = HTTPServerRequestPart.head(.init(version: .http1_1, method: .POST, uri: "/"))
    private static let end = HTTPServerRequestPart.end(nil)

    /// What is said at each step: whether a part waits, which one's turn it is, what is to be done.
    private static func said(_ steps: [Step]) -> [String] {
        var turn = RequestTurn()
        return steps.compactMap { step in
            switch step {
            case .comes(let part): turn.keep(part) ? "waits" : "goes on"
            case .takes: name(turn.takeWaiting())
            case .requestEnds: "\(turn.requestEnds())"
            case .answerEnds: "\(turn.answerEnds())"
            case .quiesces: "\(turn.quiesce())"
            case .inputEnds: "\(turn.inputEnds())"
            case .begins(let server, let isLast): begin(&turn, server, isLast)
            }
        }
    }

    /// Nothing is said to it.
    private static func begin(_ turn: inout RequestTurn, _ server: RequestTurn.Server, _ isLast: Bool) -> String? {
        turn.begin(server, isLast: isLast)
        return nil
    }

    private static func name(_ part: HTTPServerRequestPart?) -> String {
        switch part {
        case .head: "head"
        case .body: "body"
        case .end: "end"
        case nil: "nothing"
        }
    }

    @Test("wait for the answer to the one before", arguments: [RequestTurn.Server.router, .pipeline])
    func inTurn(_ server: RequestTurn.Server) {
        let said = Self.said([
            .comes(Self.head), .begins(server), .comes(Self.end), .requestEnds, .comes(Self.head), .comes(Self.end),
            .takes, .answerEnds, .takes, .begins(server), .takes, .takes,
        ])
        #expect(
            said == ["goes on", "goes on", "wait", "waits", "waits", "nothing", "deliver", "head", "end", "nothing"]
        )
    }

    @Test("that come later wait behind those that wait already")
    func behindOthers() {
        let said = Self.said([
            .begins(.pipeline), .requestEnds, .comes(Self.head), .answerEnds, .comes(Self.end), .takes,
        ])
        #expect(said == ["wait", "waits", "deliver", "waits", "head"])
    }

    @Test("are over when both the request and its answer are")
    func bothEnds() {
        #expect(Self.said([.begins(.pipeline), .requestEnds, .answerEnds]) == ["wait", "deliver"])
        #expect(Self.said([.begins(.pipeline), .answerEnds, .requestEnds]) == ["wait", "deliver"])
    }

    @Test("end the connection when the client asked for it, and nothing more is taken")
    func last() {
        let said = Self.said([
            .begins(.pipeline, isLast: true), .requestEnds, .comes(Self.head), .answerEnds, .takes,
        ])
        #expect(said == ["wait", "waits", "close", "nothing"])
    }

    @Test("are answered before a connection that is to end does, which ends at once when there is none")
    func quiescing() {
        #expect(Self.said([.quiesces]) == ["close"])
        let said = Self.said([.begins(.router), .quiesces, .requestEnds, .answerEnds])
        #expect(said == ["wait", "wait", "close"])
    }

    @Test("are served when they are there as a whole and nothing more comes, and then the connection ends")
    func inputEnds() {
        #expect(Self.said([.inputEnds]) == ["close"])
        let said = Self.said([
            .begins(.router), .requestEnds, .comes(Self.head), .comes(Self.end), .comes(Self.head), .inputEnds,
            .answerEnds, .takes, .begins(.pipeline), .takes, .takes, .requestEnds, .answerEnds, .comes(Self.head),
        ])
        #expect(
            said
                == [
                    "wait", "waits", "waits", "waits", "wait", "deliver", "head", "end", "nothing", "wait", "close",
                    "waits",
                ]
        )
    }

    @Test("are read ahead up to 64 parts, or 64 KiB", arguments: [(64, 0), (1, 65_536)])
    func readAhead(_ parts: Int, _ bytes: Int) {
        var turn = RequestTurn()
        turn.begin(.pipeline, isLast: false)
        _ = turn.requestEnds()
        for _ in 1..<parts { _ = turn.keep(Self.head) }
        _ = turn.keep(.body(ByteBuffer(repeating: 0, count: max(0, bytes - 1))))
        #expect(turn.isReadAheadFull == (parts == 64))
        _ = turn.keep(.body(ByteBuffer(repeating: 0, count: 1)))
        #expect(turn.isReadAheadFull)
        _ = turn.answerEnds()
        while turn.takeWaiting() != nil {}
        #expect(!turn.isReadAheadFull)
    }
}
