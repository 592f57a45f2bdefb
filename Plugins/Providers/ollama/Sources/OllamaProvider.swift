import PraximousJSON
import PraximousPlugin
import ProviderKit

/// Ollama through its own API, which knows more than the one that is like OpenAI's: `keep_alive`, `num_ctx`, schemas.
final class OllamaProvider: Provider {
    static let identity = PluginIdentity(id: "praximous/ollama", version: "1.0.0")

    private let host: PluginHost
    private let settings: UpstreamSettings

    init(host: PluginHost) throws {
        self.host = host
        settings = try UpstreamSettings(host, defaultAddress: "http://127.0.0.1:11434")
    }

    func chat(_ request: [UInt8], _ reply: Reply) throws {
        let request = try ChatRequest(request, defaultModel: settings.model)
        let body = OllamaRequest.body(request, settings.config)
        let chunks = ChatChunks(model: request.model)
        let asked = ask("POST", "/api/chat", body)
        if request.isStreaming {
            let translator = OllamaStream(chunks, promptBytes: request.byteCount)
            reply.ask(asked, StreamExchange(translator, reply, host.timers, secret: settings.key))
        } else {
            let promptBytes = request.byteCount
            let exchange = WholeExchange(reply, secret: settings.key) { head, body in
                reply.finish(try OllamaAnswer.completion(body, chunks, head, promptBytes: promptBytes))
            }
            reply.ask(asked, exchange)
        }
    }

    func embed(_ texts: [String], model: String, _ reply: Reply) {
        let model = model.isEmpty ? settings.model : model
        var body: JSONObject = ["model": .string(model), "input": .array(texts.map(JSON.string))]
        if let alive = settings.config["keep_alive"] { body["keep_alive"] = alive }
        if let dimensions = reply.askedDimensions ?? settings.config["dimensions"] { body["dimensions"] = dimensions }
        let exchange = WholeExchange(reply, secret: settings.key) { head, body in
            let limits = JSONLimits(maxValues: 8_000_000)
            guard let json = try? JSON.parse(body, limits: limits), let rows = json["embeddings"]?.arrayValue,
                rows.count == texts.count
            else { throw SkillFailure.badAnswer("sent no embeddings, or not one for each text", head) }
            let counts = json["prompt_eval_count"].flatMap { _ in TokenUsage.counts(["prompt_eval_count"], of: json) }
            let usage = counts.map { ["prompt_tokens": .integer($0[0]), "total_tokens": .integer($0[0])] as JSON }
            let answer = try EmbeddingAnswer(rows: rows.map { EmbeddingAnswer.row($0) ?? [] }, usage: usage, head)
            reply.emitVectors(answer.values, dimensions: answer.dimensions)
            reply.finish(answer.result(model: model, inputBytes: texts.reduce(0) { $0 + $1.utf8.count }))
        }
        reply.ask(ask("POST", "/api/embed", .object(body)), exchange)
    }

    func models(_ reply: Reply) {
        let exchange = WholeExchange(reply, secret: settings.key) { head, body in
            guard let list = (try? JSON.parse(body))?["models"]?.arrayValue else {
                throw SkillFailure.badAnswer("sent no list of models", head)
            }
            let names = list.compactMap { ($0["model"] ?? $0["name"])?.stringValue }
            reply.finish(["models": .array(names.map { ["id": .string($0)] })])
        }
        reply.ask(ask("GET", "/api/tags"), exchange)
    }

    func health(_ reply: Reply) { reply.askHealth(ask("GET", "/api/version")) }

    private func ask(_ method: String, _ path: String, _ body: JSON? = nil) -> HTTPRequest {
        // A proxy in front of it may want a key.
        let headers = settings.key.isEmpty ? [] : [(name: "Authorization", value: "Bearer " + settings.key)]
        return settings.request(method, settings.address.joined(path), headers, body?.encoded() ?? [])
    }
}
