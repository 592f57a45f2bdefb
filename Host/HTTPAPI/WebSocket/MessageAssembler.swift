/// Makes messages of a client's frames, by the rules of RFC 6455 that NIO's frame decoder leaves to others: masks,
/// reserved bits, operation codes, fragments, UTF-8, sizes and the codes of closing.
///
/// Pure. (The decoder itself refuses control frames that are long or fragmented, and single frames above the limit.)
struct MessageAssembler: Sendable {
    /// One frame, its mask taken off.
    struct Frame: Sendable {
        var isFinal = true
        var hasReservedBits = false
        var isMasked = true
        /// Four bits.
        var operation: UInt8
        var payload: [UInt8] = []
    }

    enum Step: Sendable, Equatable {
        /// More of the message is to come, or a pong.
        case nothing
        /// A whole message.
        case text([UInt8])
        /// To be answered with the same bytes.
        case ping([UInt8])
        /// The client closes; nil when it gives no code.
        case close(UInt16?)
        /// The client broke a rule.
        case fail(CloseCode, String)
    }

    private let maxMessageBytes: Int
    private var isInMessage = false
    private var message: [UInt8] = []
    private var check = UTF8Check()

    init(maxMessageBytes: Int) { self.maxMessageBytes = maxMessageBytes }

    mutating func receive(_ frame: Frame) -> Step {
        guard frame.isMasked else { return .fail(.protocolError, "A client masks its frames (RFC 6455, 5.1).") }
        guard !frame.hasReservedBits else {
            return .fail(.protocolError, "No extension was agreed on, so RSV1 to RSV3 are 0.")
        }
        switch frame.operation {
        case 0: return continued(frame)
        case 1: return begin(frame)
        case 2: return .fail(.unsupportedData, "Messages are JSON in text frames.")
        case 8: return close(frame.payload)
        case 9: return .ping(frame.payload)
        case 10: return .nothing
        default: return .fail(.protocolError, "Operation code \(frame.operation) is not in use.")
        }
    }

    private mutating func begin(_ frame: Frame) -> Step {
        guard !isInMessage else {
            return .fail(.protocolError, "A new message began before the last fragment of the one before.")
        }
        isInMessage = true
        return add(frame)
    }

    private mutating func continued(_ frame: Frame) -> Step {
        guard isInMessage else { return .fail(.protocolError, "A continuation without a message before it.") }
        return add(frame)
    }

    private mutating func add(_ frame: Frame) -> Step {
        guard message.count + frame.payload.count <= maxMessageBytes else {
            return .fail(.tooBig, "A message has at most \(maxMessageBytes) bytes.")
        }
        guard check.accept(frame.payload) else { return .fail(.invalidText, "The text is not UTF-8.") }
        if message.isEmpty { message = frame.payload } else { message += frame.payload }
        guard frame.isFinal else { return .nothing }
        guard check.isComplete else { return .fail(.invalidText, "The text ends inside a character.") }
        defer {
            message = []
            isInMessage = false
        }
        return .text(message)
    }

    private func close(_ payload: [UInt8]) -> Step {
        if payload.isEmpty { return .close(nil) }
        guard payload.count >= 2 else { return .fail(.protocolError, "A close frame's code has two bytes.") }
        let code = UInt16(payload[0]) << 8 | UInt16(payload[1])
        guard CloseCode.mayBeSent(code) else { return .fail(.protocolError, "\(code) is no code to close with.") }
        var check = UTF8Check()
        guard check.accept(payload.dropFirst(2)), check.isComplete else {
            return .fail(.invalidText, "The reason for closing is not UTF-8.")
        }
        return .close(code)
    }
}
