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
        var counts: JSONObject = [
            "prompt_tokens": .integer(usage.inputTokens), "completion_tokens": .integer(usage.outputTokens),
            "total_tokens": .integer(usage.totalTokens),
        ]
        if usage.cachedInputTokens > 0 {
            counts["prompt_tokens_details"] = ["cached_tokens": .integer(usage.cachedInputTokens)]
        }
        let chunk: JSON = [
            "id": like["id"] ?? "", "object": "chat.completion.chunk", "created": like["created"] ?? 0,
            "model": like["model"] ?? .string(answer.model), "choices": [], "usage": .object(counts),
        ]
        return chunk.encoded()
    }
}

/// A chunk that tells the usage; nil for all others, which are not parsed.
private struct UsageChunk {
    /// Whether it tells nothing else.
    let isUsageAlone: Bool

    init?(_ chunk: [UInt8]) {
        guard Self.mayTellUsage(chunk), let json = try? JSON.parse(chunk), json["usage"]?.objectValue != nil else {
            return nil
        }
        isUsageAlone = json["choices"]?.arrayValue?.isEmpty ?? true
    }

    /// Whether `"usage"` stands somewhere with an object after it: providers repeat `"usage":null` in every chunk.
    private static func mayTellUsage(_ chunk: [UInt8]) -> Bool {
        chunk.withUnsafeBytes { bytes in
            var place = 0
            while place + wordBytes < bytes.count {
                let eight = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
                place += 1
                guard eight & wordMask == word else { continue }
                let rest = bytes[(place + wordBytes - 1)...]
                let value = rest.first { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: " ") }
                if value == UInt8(ascii: "{") { return true }
            }
            return false
        }
    }

    /// `"usage"`, the first letter in the lowest byte.
    private static let word: UInt64 = 0x22_65_67_61_73_75_22
    private static let wordMask: UInt64 = 0x00FF_FFFF_FFFF_FFFF
    private static let wordBytes = 7
}
