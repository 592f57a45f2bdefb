package import PraximousPlugin
internal import Synchronization

/// Makes OpenAI's chunks of what one vendor streams.
///
/// Pure: bytes in, bytes out.
package protocol StreamTranslator: Sendable {
    /// Reads a piece of the body, cut anywhere, and hands each chunk, one JSON object, to `emit`.
    ///
    /// - Throws: What ends the call: an error of the vendor's, or bytes that no such API sends.
    mutating func read(
        _ piece: UnsafeBufferPointer<UInt8>,
        _ head: UpstreamHead,
        _ emit: (UnsafeBufferPointer<UInt8>) -> Reply.Emission
    ) throws(SkillFailure)

    /// Whether the answer is whole: every choice has its finish reason.
    var isWhole: Bool { get }

    /// Whether the vendor has said that nothing follows.
    var isDone: Bool { get }

    /// What the call finishes with: `id`, `model`, `finish_reason`, `usage`.
    func summary(_ head: UpstreamHead) -> [UInt8]
}

/// A streamed answer on its way from a server to the client.
package final class StreamExchange<Translator: StreamTranslator>: HTTPEvents {
    private struct State {
        var translator: Translator
        var head = UpstreamHead()
        /// The body of an answer that is no stream.
        var body: [UInt8] = []
        var timer: Timers.Entry?
        var isOver = false
    }

    private enum End {
        case finish([UInt8])
        case fail(SkillFailure)
    }

    /// How long to wait for what may follow a whole answer, such as its usage, and for the connection's own end, so
    /// that it can be used again.
    private static var silenceMilliseconds: Int { 1000 }
    private static var lingerMilliseconds: Int { 250 }
    private static var maxErrorBytes: Int { 64 << 10 }

    private let reply: Reply
    private let timers: Timers
    private let secret: String
    private let state: Mutex<State>

    package init(_ translator: Translator, _ reply: Reply, _ timers: Timers, secret: String) {
        self.reply = reply
        self.timers = timers
        self.secret = secret
        state = Mutex(State(translator: translator))
    }

    package func head(_ head: HTTPHead) {
        let head = UpstreamHead(head)
        state.withLock { $0.head = head }
    }

    package func body(_ piece: UnsafeBufferPointer<UInt8>) {
        let end = state.withLock { state -> End? in
            if state.isOver { return nil }
            guard state.head.isSuccess, state.head.contentType != "application/json",
                state.head.contentType != "text/html"
            else {
                state.body += piece.prefix(max(0, Self.maxErrorBytes - state.body.count))
                return nil
            }
            return read(piece, &state)
        }
        if let end { tell(end) }
    }

    private func read(_ piece: UnsafeBufferPointer<UInt8>, _ state: inout State) -> End? {
        var isLost = false
        do throws(SkillFailure) {
            try state.translator.read(piece, state.head) { chunk in
                let emission = reply.emit("delta", chunk)
                if emission == .over { isLost = true }
                return emission
            }
        } catch {
            return over(.fail(error), &state)
        }
        if isLost { return over(.fail(.cancelled), &state) }
        guard state.translator.isWhole || state.translator.isDone else { return nil }
        if let timer = state.timer { timers.cancel(timer) }
        let patience = state.translator.isDone ? Self.lingerMilliseconds : Self.silenceMilliseconds
        state.timer = timers.after(milliseconds: patience) { [weak self] in self?.fallSilent() }
        return nil
    }

    private func over(_ end: End, _ state: inout State) -> End {
        state.isOver = true
        if let timer = state.timer { timers.cancel(timer) }
        return end
    }

    private func fallSilent() {
        let end = state.withLock { state -> End? in
            state.isOver ? nil : over(.finish(state.translator.summary(state.head)), &state)
        }
        if let end { tell(end) }
    }

    package func end(_ end: HTTPEnd) {
        reply.note(end)
        let end = state.withLock { state -> End? in
            if state.isOver { return nil }
            return over(Self.judge(end, state, secret), &state)
        }
        if let end { tell(end) }
    }

    private static func judge(_ end: HTTPEnd, _ state: State, _ secret: String) -> End {
        let head = state.head
        if head.status != 0, !head.isSuccess { return .fail(.answer(head, state.body, secret: secret)) }
        if !state.body.isEmpty || head.contentType == "text/html" {
            return .fail(.notAStream(head, state.body, secret: secret))
        }
        switch end {
        case .failed(.cancelled, _): return .fail(.cancelled)
        // A connection that breaks behind a whole answer takes nothing away.
        case _ where state.translator.isWhole: return .finish(state.translator.summary(head))
        case .failed(let status, _): return .fail(.exchange(status, hasHead: head.status != 0))
        case .complete: return .fail(.cut(head))
        }
    }

    /// Outside the lock: the host cancels what belongs to the call, and that may be heard here.
    private func tell(_ end: End) {
        switch end {
        case .finish(let summary): reply.finish(summary)
        case .fail(let failure): reply.fail(failure)
        }
    }
}
