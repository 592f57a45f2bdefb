import PraximousJSON
import PraximousPlugin
import ProviderKit

/// Answers without a model and without a network, so that a first run works: it says so in every answer.
final class LocalProvider: Provider {
    static let identity = PluginIdentity(id: "praximous/local", version: "1.0.0")
    static let model = "praximous-local"

    init(host: PluginHost) {}

    func chat(_ request: [UInt8], _ reply: Reply) throws {
        let request = try ChatRequest(request, defaultModel: Self.model)
        let answer = Responder.answer(to: request)
        let usage = TokenUsage.estimated(promptBytes: request.byteCount, completionBytes: answer.text.utf8.count)
        let chunks = ChatChunks(model: Self.model)
        guard request.isStreaming else {
            let message: JSON = ["role": "assistant", "content": .string(answer.text)]
            return reply.finish(
                chunks.completion(message: message, finishReason: answer.finishReason, usage: usage, requestID: nil)
            )
        }
        send(chunks.chunk(["role": "assistant", "content": ""]), reply)
        for word in Words.split(answer.text) { send(chunks.chunk(["content": .string(word)]), reply) }
        send(chunks.chunk([:], finishReason: answer.finishReason), reply)
        send(chunks.usageChunk(usage), reply)
        reply.finish(chunks.summary(finishReason: answer.finishReason, usage: usage, requestID: nil))
    }

    private func send(_ chunk: [UInt8], _ reply: Reply) {
        _ = chunk.withUnsafeBufferPointer { reply.emit("delta", $0) }
    }

    func embed(_ texts: [String], model: String, _ reply: Reply) {
        reply.emitVectors(texts.flatMap(HashedEmbedding.vector), dimensions: HashedEmbedding.dimensions)
        let tokens = TokenUsage.estimated(promptBytes: texts.reduce(0) { $0 + $1.utf8.count }, completionBytes: 0)
        reply.finish([
            "model": .string(Self.model),
            "usage": [
                "prompt_tokens": .integer(tokens.promptTokens), "total_tokens": .integer(tokens.promptTokens),
                "estimated": true,
            ],
        ])
    }

    func models(_ reply: Reply) {
        reply.finish([
            "models": [
                [
                    "id": .string(Self.model), "modalities": ["text"],
                    "embedding_dims": .integer(HashedEmbedding.dimensions),
                ]
            ]
        ])
    }
}
