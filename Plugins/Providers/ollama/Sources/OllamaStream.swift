import PraximousJSON
import PraximousPlugin
import ProviderKit

/// Ollama's NDJSON, one object for each piece of the answer.
struct OllamaStream: StreamTranslator {
    private var lines = LineReader(.lineFeed)
    private let chunks: ChatChunks
    private let promptBytes: Int
    private var hasRole = false
    private var calls = 0
    private var completionBytes = 0
    private var finishReason: String?
    private var usage: TokenUsage?

    init(_ chunks: ChatChunks, promptBytes: Int) {
        self.chunks = chunks
        self.promptBytes = promptBytes
    }

    var isWhole: Bool { finishReason != nil }
    var isDone: Bool { isWhole }

    mutating func read(
        _ piece: UnsafeBufferPointer<UInt8>,
        _ head: UpstreamHead,
        _ emit: (UnsafeBufferPointer<UInt8>) -> Reply.Emission
    ) throws(SkillFailure) {
        var lines = lines
        self.lines = LineReader(.lineFeed)
        defer { self.lines = lines }
        try lines.read(piece) { line throws(SkillFailure) in
            // A line that is not JSON is skipped.
            guard finishReason == nil, let json = try? JSON.parse(line) else { return }
            if let error = VendorError(json) { throw .event(error, head, secret: "") }
            for chunk in translated(json) { _ = chunk.withUnsafeBufferPointer(emit) }
        }
    }

    private mutating func translated(_ json: JSON) -> [[UInt8]] {
        var output: [[UInt8]] = []
        if let delta = delta(json["message"]) { output.append(chunks.chunk(.object(delta))) }
        guard json["done"] == true else { return output }
        let reason = OllamaAnswer.finishReason(json, hasCalls: calls > 0)
        finishReason = reason
        let counted = OllamaAnswer.usage(json) ?? guess
        usage = counted
        return output + [chunks.chunk([:], finishReason: reason), chunks.usageChunk(counted)]
    }

    /// nil when a piece brings nothing.
    private mutating func delta(_ message: JSON?) -> JSONObject? {
        var delta = JSONObject()
        if !hasRole { delta["role"] = "assistant" }
        if let thinking = message?["thinking"]?.stringValue, !thinking.isEmpty {
            delta["reasoning_content"] = .string(thinking)
        }
        if let text = message?["content"]?.stringValue, !text.isEmpty || !hasRole {
            delta["content"] = .string(text)
            completionBytes += text.utf8.count
        }
        let calls = OllamaAnswer.toolCalls(message?["tool_calls"], from: calls)
        if !calls.isEmpty { delta["tool_calls"] = .array(calls) }
        self.calls += calls.count
        hasRole = true
        return delta.isEmpty ? nil : delta
    }

    private var guess: TokenUsage { .estimated(promptBytes: promptBytes, completionBytes: completionBytes) }

    func summary(_ head: UpstreamHead) -> [UInt8] {
        chunks.summary(finishReason: finishReason ?? "stop", usage: usage ?? guess, requestID: head.requestID)
    }
}
