import NIOCore
import NIOWebSocket

/// The socket of a session: frames in, messages to the session; what the session has to say, frames out.
///
/// Everything in it happens on the connection's event loop.
final class WebSocketConnection: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private var live: LiveSession
    private var messages: MessageAssembler
    private var context: ChannelHandlerContext?
    private var hasSentClose = false
    private var isClean = false

    init(live: LiveSession, limits: SessionLimits) {
        self.live = live
        messages = MessageAssembler(maxMessageBytes: limits.maxMessageBytes)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    /// Begins the session, once the pipeline around it is that of a WebSocket.
    ///
    /// `refusal` says what to close the connection with at once.
    func start(refusal: (CloseCode, String)?) {
        guard let context else { return }
        let loop = context.eventLoop
        let own = NIOLoopBound(self, eventLoop: loop)
        live.connect(
            LiveSession.Outlet(
                connection: ObjectIdentifier(self),
                wake: {
                    if loop.inEventLoop { own.value.drain() } else { loop.execute { own.value.drain() } }
                },
                replace: { loop.execute { own.value.close(.duplicate, "resumed elsewhere") } },
                rebind: { live in
                    own.value.live = live
                    own.value.drain()
                }
            )
        )
        if let (code, reason) = refusal { live.fail(code, reason) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !hasSentClose else { return answerClose(unwrapInboundIn(data)) }
        let frame = unwrapInboundIn(data)
        live.heard()
        switch messages.receive(MessageAssembler.Frame(frame)) {
        case .nothing: break
        case .text(let text): live.receive(text)
        case .ping(let payload):
            guard live.mayAnswerPing() else { return }
            write(.pong, payload)
            context.flush()
        case .close(let code):
            isClean = code == nil || code == 1000
            writeClose(code ?? 1000, "")
            context.close(promise: nil)
        case .fail(let code, let reason): live.fail(code, reason)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        live.disconnect(ObjectIdentifier(self), isClean: isClean)
        context.fireChannelInactive()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { drain() }
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent { return live.drain() }
        if event is StalledReader.Cut { live.cut() }
        if case .inputClosed = event as? ChannelEvent { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !hasSentClose else { return }
        switch error as? NIOWebSocketError {
        case .invalidFrameLength: live.fail(.tooBig, "the frame is too long")
        case .fragmentedControlFrame: live.fail(.protocolError, "A control frame is not fragmented.")
        case .multiByteControlFrameLength: live.fail(.protocolError, "A control frame has at most 125 bytes.")
        case nil where error is IOError || error is ChannelError: context.close(promise: nil)
        case nil: live.fail(.serverError, "internal error")
        }
    }

    /// Writes what waits for as long as the connection takes it.
    private func drain() {
        guard let context else { return }
        var hasWritten = false
        while context.channel.isWritable, !hasSentClose {
            let outgoing = live.nextOutgoing(ObjectIdentifier(self))
            if outgoing.isEmpty { break }
            hasWritten = true
            for item in outgoing {
                switch item {
                case .text(let text): write(.text, text)
                case .ping: write(.ping, [])
                case .close(let code, let reason): close(code, reason)
                case .abort: return context.close(promise: nil)
                }
            }
        }
        if hasSentClose { abortIfTold() }
        if hasWritten { context.flush() }
    }

    /// After the close frame there is one thing left to be told.
    private func abortIfTold() {
        for case .abort in live.nextOutgoing(ObjectIdentifier(self)) { context?.close(promise: nil) }
    }

    private func write(_ operation: WebSocketOpcode, _ payload: [UInt8]) {
        guard let context else { return }
        let data = context.channel.allocator.buffer(bytes: payload)
        context.write(wrapOutboundOut(WebSocketFrame(fin: true, opcode: operation, data: data)), promise: nil)
    }

    /// Says goodbye; the other side's answer, or the session's patience, ends the connection.
    private func close(_ code: CloseCode, _ reason: String) {
        guard !hasSentClose else { return }
        isClean = true
        writeClose(code.rawValue, reason)
        // What a client that broke the framing sends now cannot be read: it is shown the end at once.
        if code == .protocolError || code == .tooBig { context?.close(mode: .output, promise: nil) }
    }

    private func writeClose(_ code: UInt16, _ reason: String) {
        hasSentClose = true
        // A control frame has 125 bytes, two of them the code; reasons are ASCII.
        write(.connectionClose, [UInt8(code >> 8), UInt8(code & 0xFF)] + reason.utf8.prefix(123))
        context?.flush()
    }

    /// After our own close frame only the other side's is of interest.
    private func answerClose(_ frame: WebSocketFrame) {
        if frame.opcode == .connectionClose { context?.close(promise: nil) }
    }
}

extension MessageAssembler.Frame {
    fileprivate init(_ frame: WebSocketFrame) {
        self.init(
            isFinal: frame.fin,
            hasReservedBits: frame.rsv1 || frame.rsv2 || frame.rsv3,
            isMasked: frame.maskKey != nil,
            operation: UInt8(webSocketOpcode: frame.opcode),
            payload: Array(frame.unmaskedData.readableBytesView)
        )
    }
}
