import PraximousJSON
import PraximousPlugin
import ProviderKit

/// Gemini's stream: each event is a piece of an answer, the last one has its reason.
struct GeminiStream: StreamTranslator {
    private var events = ServerSentEventReader()
    private let chunks: ChatChunks
    private let promptBytes: Int
    private let secret: String
    private var hasRole = false
    private var calls = 0
    private var completionBytes = 0
    private var finishReason: String?
    private var usage: TokenUsage?
    private var hasSentUsage = false
    private var responseID: String?

    init(_ chunks: ChatChunks, promptBytes: Int, secret: String) {
        self.chunks = chunks
        self.promptBytes = promptBytes
        self.secret = secret
    }

    var isWhole: Bool { finishReason != nil }
    /// Nothing says so but the end of the body.
    var isDone: Bool { hasSentUsage }

    mutating func read(
        _ piece: UnsafeBufferPointer<UInt8>,
        _ head: UpstreamHead,
        _ emit: (UnsafeBufferPointer<UInt8>) -> Reply.Emission
    ) throws(SkillFailure) {
        var events = events
        self.events = ServerSentEventReader()
        defer { self.events = events }
        try events.read(piece) { _, data throws(SkillFailure) in
            guard let json = try? JSON.parse(data) else { return }
            if let error = VendorError(json) { throw .event(error, head, secret: secret) }
            for chunk in try translated(json, head) { _ = chunk.withUnsafeBufferPointer(emit) }
        }
    }

    private mutating func translated(_ json: JSON, _ head: UpstreamHead) throws(SkillFailure) -> [[UInt8]] {
        responseID = responseID ?? json["responseId"]?.stringValue
        usage = GeminiAnswer.usage(json["usageMetadata"]) ?? usage
        var output: [[UInt8]] = []
        if finishReason == nil, GeminiAnswer.isAnswer(json) {
            if let delta = delta(json) { output.append(chunks.chunk(.object(delta))) }
            if let reason = try GeminiAnswer.finishReason(json, hasCalls: calls > 0, head) {
                finishReason = reason
                output.append(chunks.chunk([:], finishReason: reason))
            }
        }
        if finishReason != nil, !hasSentUsage, let usage {
            hasSentUsage = true
            output.append(chunks.usageChunk(usage))
        }
        return output
    }

    /// nil when a piece brings nothing.
    private mutating func delta(_ json: JSON) -> JSONObject? {
        let parts = json["candidates"]?.arrayValue?.first?["content"]?["parts"]?.arrayValue ?? []
        let content = GeminiAnswer.Content(parts, firstCall: calls)
        var delta = JSONObject()
        if !hasRole { delta["role"] = "assistant" }
        if !content.reasoning.isEmpty { delta["reasoning_content"] = .string(content.reasoning) }
        if !content.text.isEmpty || !hasRole { delta["content"] = .string(content.text) }
        if !content.calls.isEmpty { delta["tool_calls"] = .array(content.calls) }
        if content.hasExtras { delta["praximous"] = ["gemini": ["parts": .array(parts)]] }
        hasRole = true
        calls += content.calls.count
        completionBytes += content.text.utf8.count
        return delta.isEmpty ? nil : delta
    }

    func summary(_ head: UpstreamHead) -> [UInt8] {
        chunks.summary(
            finishReason: finishReason ?? "stop",
            usage: usage ?? .estimated(promptBytes: promptBytes, completionBytes: completionBytes),
            requestID: responseID ?? head.requestID
        )
    }
}
