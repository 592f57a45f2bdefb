import Core
import Gateway
import HTTPTypes
import NIOCore
import PraximousJSON

/// A streamed answer as OpenAI's API gives it: `data: {chunk}` and at last `data: [DONE]`.
///
/// Chunks pass unread, but for those that tell the usage.
struct OpenAIStreamWriter: ChatStreamWriter {
    static let heartbeat = ByteBuffer(string: ": waiting\n\n")

    private let includesUsage: Bool
    private var hasShownUsage = false
    /// The latest chunk, from which an own one takes the id of the answer.
    private var last: [UInt8] = []

    /// `includesUsage`: whether the client asked for the usage.
    init(includesUsage: Bool) { self.includesUsage = includesUsage }

    mutating func write(chunk: [UInt8], to buffer: inout ByteBuffer) {
        last = chunk
        if let usage = UsageChunk(chunk) {
            if !includesUsage, usage.isUsageAlone { return }
            hasShownUsage = true
        }
        buffer.writeEventData(chunk)
    }

    mutating func write(end answer: ChatAnswer, to buffer: inout ByteBuffer) {
        if includesUsage, !hasShownUsage, let usage = answer.usage { buffer.writeEventData(chunk(of: usage, answer)) }
        buffer.writeStaticString("data: [DONE]\n\n")
    }

    mutating func write(failure: Failure, to buffer: inout ByteBuffer) {
        buffer.writeEventData(OpenAIErrorBody(failure, status: failure.dialectStatus.code).json.encoded())
    }

    /// What a provider that counts nothing owes a client who asked.
    private func chunk(of usage: TokenUsage, _ answer: ChatAnswer) -> [UInt8] {
        let like = (try? JSON.parse(last)) ?? .null
        let chunk: JSON = [
            "id": like["id"] ?? "", "object": "chat.completion.chunk", "created": like["created"] ?? 0,
            "model": like["model"] ?? .string(answer.model), "choices": [], "usage": usage.openAI,
        ]
        return chunk.encoded()
    }
}
