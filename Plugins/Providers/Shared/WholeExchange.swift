internal import PraximousJSON
package import PraximousPlugin
internal import Synchronization

/// An answer that is read when it is complete.
package final class WholeExchange: HTTPEvents {
    /// As large as a result may be.
    package static let maxBodyBytes = 16 << 20

    private struct State {
        var head = UpstreamHead()
        var body: [UInt8] = []
        var isTooLarge = false
    }

    private let reply: Reply
    private let secret: String
    private let state = Mutex(State())
    private let use: @Sendable (UpstreamHead, [UInt8]) throws -> Void
    private let excuse: (@Sendable (SkillFailure) -> Bool)?

    /// - Parameters:
    ///   - reply: Fails when the exchange does, or when `use` throws.
    ///   - secret: What a failure must not show.
    ///   - excuse: Takes over a failure when it returns true.
    ///   - use: Ends the reply with a successful answer.
    package init(
        _ reply: Reply,
        secret: String,
        excuse: (@Sendable (SkillFailure) -> Bool)? = nil,
        _ use: @escaping @Sendable (UpstreamHead, [UInt8]) throws -> Void
    ) {
        self.reply = reply
        self.secret = secret
        self.use = use
        self.excuse = excuse
    }

    package func head(_ head: HTTPHead) {
        let head = UpstreamHead(head)
        state.withLock { $0.head = head }
    }

    package func body(_ piece: UnsafeBufferPointer<UInt8>) {
        state.withLock { state in
            state.isTooLarge = state.isTooLarge || state.body.count + piece.count > Self.maxBodyBytes
            if !state.isTooLarge { state.body.append(contentsOf: piece) }
        }
    }

    package func end(_ end: HTTPEnd) {
        let (head, body, isTooLarge) = state.withLock { state in
            defer { state.body = [] }
            return (state.head, state.body, state.isTooLarge)
        }
        reply.note(end)
        if case .failed(let status, _) = end {
            return fail(.exchange(status, hasHead: head.status != 0))
        }
        guard head.isSuccess else { return fail(.answer(head, body, secret: secret)) }
        if isTooLarge { return fail(.badAnswer("sent more than \(Self.maxBodyBytes) bytes", head)) }
        do {
            try use(head, body)
        } catch {
            fail((error as? SkillFailure) ?? .badAnswer("sent an answer that cannot be read", head))
        }
    }

    private func fail(_ failure: SkillFailure) {
        if let excuse, excuse(failure) { return }
        reply.fail(failure)
    }
}

extension SkillFailure {
    /// A stream was asked for and something else came: an error that was sent with status 200, or nothing known.
    static func notAStream(_ head: UpstreamHead, _ body: [UInt8], secret: String) -> SkillFailure {
        if let error = (try? JSON.parse(body)).flatMap({ VendorError($0) }) {
            return .event(error, head, secret: secret)
        }
        return .badAnswer("was asked for a stream and sent \(head.contentType.quoted)", head)
    }
}
