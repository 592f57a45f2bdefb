import NIOCore
import NIOHTTP1

/// Whose turn it is on a connection: requests are served one at a time, whoever serves them, and what a client sends
/// ahead waits.
///
/// A pure state machine; ``RequestGate`` does what it says.
struct RequestTurn {
    enum Server: Sendable {
        /// Everything that is not for a pipeline.
        case router
        case pipeline
    }

    /// What is to be done when a request is over.
    enum Following: Sendable {
        case wait
        /// The next part of the request that waits.
        case deliver
        case close
    }

    /// Who serves the request under way; nil between two.
    private(set) var server: Server?
    /// Whether the request has come to its end, and its answer.
    private(set) var isRequestOver = true
    private var isAnswerOver = true
    private var waiting: CircularBuffer<HTTPServerRequestPart> = []
    private var waitingBytes = 0
    private var isEnding = false
    private var hasInputEnded = false
    /// Whether the connection ends with the request under way.
    var isLast: Bool { isEnding || hasInputEnded && waiting.isEmpty }

    /// What may be read ahead.
    private static let maxWaitingParts = 64
    private static let maxWaitingBytes = 64 << 10

    /// Whether the host owes an answer to a request that is there as a whole.
    var owesAnswer: Bool { server != nil && isRequestOver }

    var isReadAheadFull: Bool {
        waiting.count >= Self.maxWaitingParts || waitingBytes >= Self.maxWaitingBytes
    }

    /// Keeps a part of a request that comes later; false for one whose turn it is.
    mutating func keep(_ part: HTTPServerRequestPart) -> Bool {
        let mustWait = owesAnswer || !waiting.isEmpty
        // Nothing follows the last request.
        if isLast, mustWait || server == nil { return true }
        guard mustWait else { return false }
        if case .body(let bytes) = part { waitingBytes += bytes.readableBytes }
        waiting.append(part)
        return true
    }

    /// The part whose turn has come.
    mutating func takeWaiting() -> HTTPServerRequestPart? {
        guard !owesAnswer, let part = waiting.popFirst() else { return nil }
        if case .body(let bytes) = part { waitingBytes -= bytes.readableBytes }
        return part
    }

    mutating func begin(_ server: Server, isLast: Bool) {
        self.server = server
        (isRequestOver, isAnswerOver) = (false, false)
        if isLast { endWithThis() }
    }

    /// The end of the connection tells where the answer to the request under way ends.
    mutating func endWithThis() { isEnding = true }

    mutating func requestEnds() -> Following {
        isRequestOver = true
        return following()
    }

    mutating func answerEnds() -> Following {
        isAnswerOver = true
        return following()
    }

    /// The host wants the connection to end as soon as nobody waits for an answer.
    mutating func quiesce() -> Following {
        isEnding = true
        waiting.removeAll()
        waitingBytes = 0
        return server == nil ? .close : .wait
    }

    /// Nothing more comes, or nothing that could be read; what is there as a whole is still served.
    mutating func inputEnds() -> Following {
        hasInputEnded = true
        while let part = waiting.last {
            if case .end = part { break }
            waiting.removeLast()
        }
        return server == nil ? .close : .wait
    }

    private mutating func following() -> Following {
        guard server != nil, isRequestOver, isAnswerOver else { return .wait }
        server = nil
        if isLast { return .close }
        return .deliver
    }
}
