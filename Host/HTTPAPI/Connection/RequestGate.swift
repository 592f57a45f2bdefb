import Access
import Core
import HTTPTypes
import Logging
import NIOCore
import NIOHTTP1
import PluginRuntime

/// Takes the requests of the pipelines out of a connection's HTTP and writes their answers; all others pass to
/// Hummingbird.
///
/// A request of a pipeline costs a gateway more than what it does for it when it goes through a router's layers: about a
/// fifth of the CPU time of a proxied chat. Here it goes from the decoder to the task that serves it, and back.
///
/// Between the HTTP decoder and ``UpgradeGate``, on the connection's event loop.
final class RequestGate: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    let queue = RequestQueue()
    let serving = ServingTask()
    private let logger: Logger
    private let host: RequestHost
    private let client: LeavingClient
    private var turn = RequestTurn()
    private var reading: RequestReading?
    private var stream: AnswerStream?
    private var context: ChannelHandlerContext?
    private var isReadHeld = false
    /// Whether the client of the request under way reads chunks, and interim answers.
    private var isModern = true
    private var lastActive = NIODeadline.now()
    /// What the client had not taken yet when it was last looked at.
    private var lastUnsentBytes = 0
    private var idleCheck: Scheduled<Void>?

    init(host: RequestHost, client: LeavingClient, logger: Logger) {
        self.host = host
        self.client = client
        self.logger = logger
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        checkIdle(in: host.idle)
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    func channelInactive(context: ChannelHandlerContext) {
        // A request of which only a part has come is one of which the audit must know.
        if let reading { hand(over: reading, .failure(.bodyIncomplete)) }
        end()
        context.fireChannelInactive()
    }

    private func end() {
        if let number = reading?.number { host.bodies.end(number) }
        reading = nil
        stream?.leave()
        stream = nil
        idleCheck?.cancel()
        idleCheck = nil
        context = nil
        queue.finish()
    }
}

// MARK: - What comes in

extension RequestGate {
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastActive = .now()
        let part = unwrapInboundIn(data)
        if turn.keep(part) { return }
        take(part, context)
    }

    func channelReadComplete(context: ChannelHandlerContext) { completeReading(context) }

    private func completeReading(_ context: ChannelHandlerContext) {
        // A body that is not there with its head has a limited time.
        if let reading, reading.number == nil {
            self.reading?.number = host.bodies.begin(context.channel, at: reading.startedAt)
        }
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        isReadHeld = turn.isReadAheadFull
        if !isReadHeld { context.read() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Hummingbird answers what cannot be read when it is its turn.
        let isRouters = turn.server == nil ? !turn.isLast : turn.server == .router && !turn.isRequestOver
        guard error is HTTPParserError, !isRouters else { return context.fireErrorCaught(error) }
        // Where the next request would begin is not known.
        follow(turn.inputEnds())
        guard turn.server == .pipeline else { return }
        if let reading { hand(over: reading, .failure(.bodyIncomplete)) }
        follow(turn.requestEnds())
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent { return follow(turn.quiesce()) }
        if case .inputClosed = event as? ChannelEvent, turn.server != .router || turn.isRequestOver {
            // Hummingbird would close the connection at once; what the client has asked for still goes out.
            return follow(turn.inputEnds())
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stream?.becomes(writable: context.channel.isWritable)
        context.fireChannelWritabilityChanged()
    }

    private func take(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch (turn.server, part) {
        case (nil, .head(let head)): begin(head, context)
        case (.router, _):
            context.fireChannelRead(wrapInboundOut(part))
            if case .end = part { follow(turn.requestEnds()) }
        case (.pipeline, .body(let bytes)):
            // Of one that was answered before its end the rest is thrown away.
            guard let reading = reading?.add(bytes) else { return }
            guard let failure = reading.failure(maxBytes: host.limits.maxBodyBytes) else { return }
            hand(over: reading, .failure(failure))
        case (.pipeline, .end):
            if let reading { hand(over: reading, .success(reading.body)) }
            follow(turn.requestEnds())
        case (.pipeline, .head), (nil, _): break
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard head.method == .POST, let route = host.route(of: head.uri) else {
            // After an upgrade nothing is asked here any more.
            turn.begin(.router, isLast: !head.isKeepAlive && !head.headers.contains(name: "upgrade"))
            return context.fireChannelRead(wrapInboundOut(.head(head)))
        }
        // The decoder reads nothing behind a request that asks for an upgrade, which is nothing for these routes.
        turn.begin(.pipeline, isLast: !head.isKeepAlive || head.headers.contains(name: "upgrade"))
        isModern = head.version.major > 1 || head.version.major == 1 && head.version.minor > 0
        let reading = RequestReading(head, route, principal: host.principal(of: head.headers))
        if let failure = host.headerRefusal(of: head) {
            let requestID = reading.requestID
            let answer = route.dialect.answer(failure, requestID: requestID, status: .requestHeaderFieldsTooLarge)
            host.count(route.path, Int(answer.status.code))
            return write(answer, requestID: requestID)
        }
        if let failure = reading.refusal(maxBytes: host.limits.maxBodyBytes) {
            return hand(over: reading, .failure(failure))
        }
        if isModern, head.headers.first(name: "expect")?.lowercased() == "100-continue" {
            // RFC 9110, 10.1.1: the client may wait for this before it sends the body.
            let goOn = HTTPResponseHead(version: head.version, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(goOn)), promise: nil)
        }
        self.reading = reading
    }

    /// Nothing more of the request is needed.
    private func hand(over reading: RequestReading, _ body: Result<ByteBuffer, Failure>) {
        if let number = self.reading?.number { host.bodies.end(number) }
        self.reading = nil
        let address = context?.channel.remoteAddress?.ipAddress
        queue.add(reading.request(body, clientAddress: address, client: client))
        guard let context else { return }
        serving.start { [host, logger, handle = GateHandle(self, context.eventLoop)] in
            await host.serve(handle, logger: logger)
        }
    }

    private func follow(_ following: RequestTurn.Following) {
        switch following {
        case .wait: break
        case .close: closeWhenSent()
        case .deliver:
            guard let context else { return }
            var hasTaken = false
            while let part = turn.takeWaiting() {
                take(part, context)
                hasTaken = true
            }
            if hasTaken { completeReading(context) }
            if isReadHeld, !turn.isReadAheadFull {
                isReadHeld = false
                context.read()
            }
        }
    }
}

// MARK: - What goes out

extension RequestGate {
    /// What Hummingbird answers, or ``UpgradeGate``.
    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where turn.isLast && head.status.code >= 200:
            head.headers.replaceOrAdd(name: "Connection", value: "close")
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end: writeEnd(data, context, promise)
        default: context.write(data, promise: promise)
        }
    }

    private func writeEnd(_ data: NIOAny, _ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        lastActive = .now()
        context.write(data, promise: promise)
        follow(turn.answerEnds())
    }

    /// Closes the connection when all that was written has gone out.
    private func closeWhenSent() {
        // At once where nothing waits: the server may have dropped a connection that came while it was stopping.
        guard let context, unsentBytes > 0 else { return cut() }
        let sent = context.eventLoop.makePromise(of: Void.self)
        let gate = NIOLoopBound(self, eventLoop: context.eventLoop)
        sent.futureResult.whenComplete { _ in gate.value.cut() }
        // Nothing, which goes out behind everything else.
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer()))), promise: sent)
    }

    /// A whole answer, or the head of a streamed one.
    func write(_ answer: Answer, requestID: String) {
        guard let context else { return }
        var head = HTTPResponseHead(version: .http1_1, status: answer.status, headers: answer.headers)
        head.headers.add(name: "X-Request-ID", value: requestID)
        head.headers.add(name: "Date", value: host.date.text)
        if !isModern, case .streamed = answer.body {
            // RFC 9112, 6.1: no chunks for HTTP/1.0; the connection's end is that of the answer.
            head.version = .http1_0
            turn.endWithThis()
        }
        if turn.isLast { head.headers.add(name: "Connection", value: "close") }
        guard case .whole(let body) = answer.body else {
            return context.write(wrapOutboundOut(.head(head)), promise: nil)
        }
        head.headers.add(name: "Content-Length", value: String(body.readableBytes))
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if body.readableBytes > 0 { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        finish()
    }

    func begin(_ stream: AnswerStream) {
        if context == nil { return stream.leave() }
        self.stream = stream
    }

    /// Part of a streamed answer; whether the connection takes more, nil when it is gone.
    func write(_ bytes: ByteBuffer) -> Bool? {
        guard let context else { return nil }
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(bytes))), promise: nil)
        return context.channel.isWritable
    }

    /// The end of an answer that is whole.
    func finish() {
        guard let context else { return }
        stream = nil
        writeEnd(NIOAny(HTTPServerResponsePart.end(nil)), context, nil)
        context.flush()
    }

    /// What waits in the channel for the client to take it.
    private var unsentBytes: Int { (try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0 }

    /// The end of one that is not, or of a connection.
    func cut() { context?.close(promise: nil) }
}

// MARK: - Time

extension RequestGate {
    private func checkIdle(in delay: TimeAmount) {
        guard let context else { return }
        let gate = NIOLoopBound(self, eventLoop: context.eventLoop)
        idleCheck = context.eventLoop.scheduleTask(in: delay) { gate.value.closeIfIdle() }
    }

    /// Closes a connection that has been silent for too long, unless it is silent because it waits for its answer.
    private func closeIfIdle() {
        if turn.owesAnswer { return checkIdle(in: host.idle) }
        let due = lastActive + host.idle
        let now = NIODeadline.now()
        if due > now { return checkIdle(in: due - now) }
        // One that still takes its answer, however slowly, is not silent.
        let unsent = unsentBytes
        if unsent == 0 || unsent == lastUnsentBytes { return cut() }
        lastUnsentBytes = unsent
        checkIdle(in: host.idle)
    }
}
