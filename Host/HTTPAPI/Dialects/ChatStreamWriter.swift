import Core
import Gateway
import NIOCore

/// Puts an answer that is streamed into the events of one vendor's dialect.
///
/// Each call appends whole server-sent events, or nothing.
protocol ChatStreamWriter: Sendable {
    /// What keeps a silent connection open and means nothing.
    static var heartbeat: ByteBuffer { get }

    /// One `chat.completion.chunk` object, as a provider sent it.
    mutating func write(chunk: [UInt8], to buffer: inout ByteBuffer)
    /// The end of an answer that is whole.
    mutating func write(end answer: ChatAnswer, to buffer: inout ByteBuffer)
    /// The end of one that is not.
    mutating func write(failure: Failure, to buffer: inout ByteBuffer)
}

extension ByteBuffer {
    /// Appends the `data` line of an event and the empty line that ends it.
    ///
    /// JSON may hold line breaks between its tokens, and nowhere else.
    mutating func writeEventData(_ json: [UInt8]) {
        writeStaticString("data: ")
        if json.contains(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
            writeBytes(json.map { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") ? UInt8(ascii: " ") : $0 })
        } else {
            writeBytes(json)
        }
        writeStaticString("\n\n")
    }
}
