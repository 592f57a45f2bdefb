import PraximousJSON
import PraximousPlugin
import ProviderKit

/// Google's Gemini, through its own API.
final class GeminiProvider: Provider {
    static let identity = PluginIdentity(id: "praximous/gemini", version: "1.0.0")

    private let host: PluginHost
    private let settings: UpstreamSettings

    init(host: PluginHost) throws {
        self.host = host
        settings = try UpstreamSettings(host, defaultAddress: "https://generativelanguage.googleapis.com/v1beta")
    }

    func chat(_ request: [UInt8], _ reply: Reply) throws {
        let request = try ChatRequest(request, defaultModel: settings.model)
        try request.checkSingleChoice()
        let body = GeminiRequest.body(request, settings.config)
        let secret = settings.key
        let chunks = ChatChunks(model: request.model)
        let promptBytes = request.byteCount
        guard request.isStreaming else {
            let exchange = WholeExchange(reply, secret: secret) { head, body in
                reply.finish(try GeminiAnswer.completion(body, chunks, head, promptBytes: promptBytes))
            }
            return reply.ask(ask("POST", model(request.model) + ":generateContent", body: body), exchange)
        }
        let asked = ask("POST", model(request.model) + ":streamGenerateContent", query: "alt=sse", body: body)
        let translator = GeminiStream(chunks, promptBytes: promptBytes, secret: secret)
        reply.ask(asked, StreamExchange(translator, reply, host.timers, secret: secret))
    }

    func embed(_ texts: [String], model: String, _ reply: Reply) {
        let model = model.isEmpty ? settings.model : model
        let dimensions = reply.askedDimensions ?? settings.config["dimensions"]
        let requests = texts.map { text -> JSON in
            var request: JSONObject = [
                "model": .string("models/" + model), "content": ["parts": [["text": .string(text)]]],
            ]
            if let dimensions { request["outputDimensionality"] = dimensions }
            return .object(request)
        }
        let exchange = WholeExchange(reply, secret: settings.key) { head, body in
            let limits = JSONLimits(maxValues: 8_000_000)
            guard let rows = (try? JSON.parse(body, limits: limits))?["embeddings"]?.arrayValue,
                rows.count == texts.count
            else { throw SkillFailure.badAnswer("sent no embeddings, or not one for each text", head) }
            let values = rows.map { EmbeddingAnswer.row($0["values"]) ?? [] }
            let answer = try EmbeddingAnswer(rows: values, usage: Optional.none, head)
            reply.emitVectors(answer.values, dimensions: answer.dimensions)
            reply.finish(answer.result(model: model, inputBytes: texts.reduce(0) { $0 + $1.utf8.count }))
        }
        let body: JSON = ["requests": .array(requests)]
        reply.ask(ask("POST", self.model(model) + ":batchEmbedContents", body: body), exchange)
    }

    func models(_ reply: Reply) {
        let exchange = WholeExchange(reply, secret: settings.key) { head, body in
            guard let list = (try? JSON.parse(body))?["models"]?.arrayValue else {
                throw SkillFailure.badAnswer("sent no list of models", head)
            }
            let models = list.compactMap { model -> JSON? in
                guard let name = model["name"]?.stringValue else { return Optional.none }
                var result: JSONObject = ["id": .string(name.hasPrefix("models/") ? String(name.dropFirst(7)) : name)]
                if let limit = model["inputTokenLimit"] { result["context"] = limit }
                return .object(result)
            }
            reply.finish(["models": .array(models)])
        }
        reply.ask(ask("GET", "/models", query: "pageSize=1000"), exchange)
    }

    func health(_ reply: Reply) { reply.askHealth(ask("GET", "/models", query: "pageSize=1")) }

    /// The path of a model; tuned ones bring their own folder along.
    private func model(_ name: String) -> String {
        let escaped = UpstreamAddress.escaped(name, alsoAllowed: "/")
        return name.hasPrefix("models/") || name.hasPrefix("tunedModels/") ? "/" + escaped : "/models/" + escaped
    }

    private func ask(_ method: String, _ path: String, query: String = "", body: JSON? = nil) -> HTTPRequest {
        // In a header, not in the URL: URLs are written to logs.
        let headers = settings.key.isEmpty ? [] : [(name: "x-goog-api-key", value: settings.key)]
        return settings.request(method, settings.address.joined(path, query: query), headers, body?.encoded() ?? [])
    }
}
